#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The ways into the kernel: each that is asked for is taken, or not taken for another; --probe and the capture say which; a
hash map that is full loses sessions and counts them; the kernel's types come from a file."""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Failure, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases

BTF = "/sys/kernel/btf/vmlinux"
SLAB = "/sys/kernel/slab/TCP/object_size"
HEADER = struct.Struct("<HBBIIIII")  # struct btf_header, include/uapi/linux/btf.h
# Bytes that follow a type, of each kind that has some: so many, and so many a member.
KIND_EXTRA = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
              19: (0, 12)}
KIND_STRUCT = 4
PORT = 21719  # below the range from which clients get theirs
STATE, PLACES = "inet_sock_set_state", {"socket": "map/sk_storage", "hash": "map/hash"}
# Options, and the hook, map and storage that follow.
WAYS = [
    ((), ("tp_btf", "ringbuf", "socket")),
    (("--storage", "hash"), ("tp_btf", "ringbuf", "hash")),
    (("--transport", "perf"), ("tp_btf", "perf", "hash")),
    (("--hooks", "tracepoint"), ("tracepoint", "ringbuf", "hash")),
    (("--hooks", "tracepoint", "--transport", "perf", "--storage", "hash:1000"), ("tracepoint", "perf", "hash")),
]
BAD = [("--hooks", "kprobes"), ("--transport", "ring"), ("--storage", "hash:0"), ("--storage", "hash:x"),
       ("--storage", "hash:"), ("--storage", "socket:5"), ("--storage", "hash:99999999999"), ("--btf", ""),
       ("--storage", "socket", "--hooks", "tracepoint"), ("--storage", "socket", "--transport", "perf")]


def run(tools, *options):
    return subprocess.run([tools.recorder, *options], capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)


def probe(tools, *options):
    return dict(line.split(": ", 1) for line in run(tools, "--probe", *options).stdout.splitlines())


def losses(tools, capture):
    document = json.loads(subprocess.run([tools.reporter, "--json", capture], stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, check=False).stdout)
    return {(loss["cause"], loss["count"]) for loss in document["losses"]}


def hooks_of(tools, capture):
    document = json.loads(subprocess.run([tools.reporter, "--json", capture], capture_output=True, check=True).stdout)
    return document["captures"][0]["hooks"]


def try_said(tools):
    """The path is what was asked for; the capture has its hooks, and fields that it does not tell are named."""
    for options, (hook, transport, storage) in WAYS:
        said = probe(tools, *options)
        expect_equal((said["recording"], said["path"]), ("yes", f"{hook} {transport} {storage}"), f"path of {options}")
        recorder = Recorder(tools, *options)
        recorder.finish()
        words = hooks_of(tools, recorder.capture)
        expect_equal(words, said["hooks"], "hooks of the capture")
        expect(any(word.startswith(hook) and word.endswith(STATE) for word in words.split()), f"{hook}: {words}")
        expect_equal([word for word in words.split() if word.startswith("map/")],
                     ["map/ringbuf" if transport == "ringbuf" else "map/perf_event_array", PLACES[storage]], "maps")
        expect_equal("cookie" in said["fields not known"].split(), storage == "hash", "no cookie")


def try_bad(tools):
    for options in BAD:
        done = run(tools, "--probe", *options)
        expect_equal((done.returncode, done.stdout), (2, ""), f"status and output of {options}")
        expect(options[-2] in done.stderr or options[0] in done.stderr, f"'{done.stderr}' names no option")


def exchange(count):
    """So many sessions that are open at one time, closed in the end."""
    sockets = []
    with socket.create_server(("127.0.0.1", PORT), backlog=count) as listener:
        for _ in range(count):
            client = socket.create_connection(listener.getsockname())
            sockets += [client, listener.accept()[0]]
        for s in sockets:
            s.close()


def try_full_hash(tools):
    """Recorded and lost together are what was made; a lost session is none from before the start."""
    count = 200
    for way in ((), ("--hooks", "tracepoint", "--transport", "perf")):
        recorder = Recorder(tools, "--netns", "self", "-L", str(PORT), "--storage", "hash:64", *way)
        exchange(count)
        expect_equal(recorder.stop(), 0, "status")
        rows = [row for row in tools.rows(recorder.capture) if row["lport"] == PORT]
        expect(0 < len(rows) < count, f"{len(rows)} sessions in a map for 64")
        expect_equal(len(rows) + recorder.lost, count, "recorded and lost together")
        expect_equal({row["before_start"] for row in rows}, {False}, "before_start")
        expect_equal(losses(tools, recorder.capture), {("no-storage", recorder.lost)}, "losses of the capture")
        expect("--storage hash" in recorder.text, f"no remedy in: {recorder.text}")


def try_btf(tools):
    """A copy of the kernel's own types does; what is no such file is refused by its name."""
    copy, no_btf = tools.path("vmlinux.btf"), tools.path("no.btf")
    shutil.copyfile(BTF, copy)
    with open(no_btf, "wb") as file:
        file.write(bytes(64))
    for way in ((), ("--hooks", "tracepoint")):
        recorder = Recorder(tools, "--netns", "self", "-L", str(PORT), "--btf", copy, *way)
        exchange(10)
        recorder.finish()
        rows = [row for row in tools.rows(recorder.capture) if row["lport"] == PORT]
        expect_equal([(row["pid"], row["rx_payload_bytes"]) for row in rows], [(os.getpid(), 0)] * 10, "sessions")
    for bad in (no_btf, tools.path("not-there"), tools.folder):
        done = run(tools, "-f", "-o", tools.path("x.tlz"), "-d", "1ms", "--btf", bad)
        expect_equal(done.returncode, 1, f"status with {bad}")
        expect(bad in done.stderr, f"'{done.stderr}' does not name {bad}")
        expect_equal(probe(tools, "--btf", bad)["btf"], "no (the file has no types of a kernel)", "what --probe says")


def struct_place(types, name):
    """Where in the file's bytes the struct's description begins."""
    _, _, _, header, begin, size, strings, _ = HEADER.unpack_from(types)
    wanted, at = types.index(b"\0" + name + b"\0", header + strings) + 1 - header - strings, header + begin
    while at < header + begin + size:
        named, info = struct.unpack_from("<II", types, at)
        kind, members = info >> 24 & 31, info & 65535
        if (named, kind) == (wanted, KIND_STRUCT):
            return at
        fixed, each = KIND_EXTRA.get(kind, (0, 0))
        at += 12 + fixed + each * members
    raise Failure(f"no struct {name.decode()} among the kernel's types")


def changed_copy(tools, name, place, change):
    """The kernel's types with one number changed: that of struct `name` at so many bytes of its description."""
    with open(BTF, "rb") as file:
        types = bytearray(file.read())
    at = struct_place(types, name) + place
    struct.pack_into("<I", types, at, struct.unpack_from("<I", types, at)[0] + change)
    copy = tools.path("other.btf")
    with open(copy, "wb") as file:
        file.write(types)
    return copy


def expect_refused(tools, way, copy, said, *before):
    """Neither recorded with, nor said to be good."""
    done = subprocess.run([*before, tools.recorder, "-f", "-o", tools.path("x.tlz"), "-d", "1ms", "--btf", copy, *way],
                          capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(done.returncode, 1, f"status with {way} ({done.stderr.strip()})")
    expect(copy in done.stderr and said in done.stderr, f"'{done.stderr}' does not say '{said}'")


def try_btf_of_another(tools):
    """It is refused, by what the kernel says of its types, and where it says nothing by the sizes of its sockets."""
    size, second_member = 8, 12 + 12 + 8
    hidden = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh")
    for way in ((), ("--hooks", "tracepoint", "--transport", "perf")):
        copy = changed_copy(tools, b"tcp_sock", size, 8)
        expect_refused(tools, way, copy, "struct tcp_sock has ")
        said = probe(tools, "--btf", copy, *way)
        expect(said["recording"] == "no" and said["btf"].startswith("no (struct tcp_sock has "), f"--probe says {said}")
        expect_refused(tools, way, changed_copy(tools, b"sock", second_member, 64), "struct sock has its ")
        # A name that is not among the file's.
        expect_refused(tools, way, changed_copy(tools, b"sock", second_member - 8, 0x70000000), "struct sock has its ? ")
    if not os.path.exists(SLAB):
        raise Skip(f"this kernel has no {SLAB}: where it tells no types either, those of another are not seen")
    expect_refused(tools, (), changed_copy(tools, b"socket_alloc", size, 8), "struct socket_alloc has ")
    for name in b"tcp_sock", b"socket_alloc":
        expect_refused(tools, ("--hooks", "tracepoint"), changed_copy(tools, name, size, 8),
                       f"struct {name.decode()} has ", *hidden)
    done = subprocess.run([*hidden, tools.recorder, "-f", "-o", tools.path("x.tlz"), "-d", "1ms", "--btf",
                           changed_copy(tools, b"tcp_sock", size, 0), "--hooks", "tracepoint"],
                          capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(done.returncode, 0, f"status with the kernel's own as a file ({done.stderr.strip()})")


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        ("each way is the one that was asked for", lambda: try_said(tools)),
        ("values that are none, and that exclude each other", lambda: try_bad(tools)),
        ("a hash map that is full", lambda: try_full_hash(tools)),
        ("the kernel's types from a file", lambda: try_btf(tools)),
        ("the types of another kernel", lambda: try_btf_of_another(tools)),
    ])


main()
