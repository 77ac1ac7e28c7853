#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--probe: what it says of this kernel is what a recording then has, and what the manual page tells of; without rights it
says so, and which."""

import os
import pathlib
import re
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Recorder, Tools, drop_rights, enter_namespace, expect, expect_equal, run_cases

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tcplife-record.1"
ACCEPT, IO = {"accept_pid", "accept_comm"}, {"io_pid", "io_comm"}


class Probe:
    """What one said: the values by their keys, in order."""

    def __init__(self, tools, *options, **keywords):
        done = subprocess.run([tools.recorder, "--probe", *options], capture_output=True, text=True,
                              timeout=TIME_LIMIT_S, check=False, **keywords)
        self.status, self.errors = done.returncode, done.stderr
        lines = [line.split(": ", 1) for line in done.stdout.splitlines()]
        expect(all(len(line) == 2 for line in lines), f"a line is not 'key: value': {done.stdout}")
        self.values = dict(lines)
        expect_equal(len(self.values), len(lines), "keys, each once")

    def works(self, key):
        found = re.fullmatch(r"(yes|no)(?: \(.+\))?", self.values[key])
        expect(found, f"{key} is neither yes nor no: {self.values[key]}")
        return found[1] == "yes"

    def hooks(self):
        return [hook for hook in self.values["hooks"].split() if not hook.startswith("map/")]


def info_of(tools, capture):
    text = subprocess.run([tools.reporter, "--info", capture], check=True, capture_output=True, text=True).stdout
    return dict(re.split(r"  +", line, maxsplit=1) for line in text.splitlines())


def try_as_recorded(tools, *options):
    """A capture's metadata says the same."""
    probe = Probe(tools, *options)
    recorder = Recorder(tools, *options)
    recorder.finish()
    info = info_of(tools, recorder.capture)
    expect_equal((probe.status, probe.errors), (0, ""), "status and errors")
    expect(probe.works("recording"), "it does not record")
    for key in ("hooks", "kernel", "machine", "version"):
        expect_equal(probe.values[key], info[key], key)
    expect_equal(probe.values["owner"], info["owner sources"], "owner sources")
    expect_equal(probe.values["fields not known"], info.get("fields not known", "none"), "fields not known")


def try_hooks(tools):
    """Each hook that a recording uses works by itself, and what works is used, but for --owner-io's."""
    used, with_io = Probe(tools), Probe(tools, "--owner-io")
    for probe in (used, with_io):
        works = [key.split()[1] for key in probe.values if key.startswith("hook ") and probe.works(key)]
        expect_equal([name for name in works if "_length" not in name or probe is with_io], probe.hooks(), "hooks")
    expect_equal(set(with_io.hooks()) - set(used.hooks()),
                 {"tp_btf/sock_send_length", "tp_btf/sock_recv_length"} if used.works("owner-io") else set(),
                 "hooks of --owner-io")
    expect(used.works("states") and used.works("open at start") and used.works("still open at end"),
           f"abilities: {used.values}")


def try_owner(tools):
    """Who can be known as the owner, and which fields stay absent, follows from the hooks."""
    for options in ((), ("--owner-io",)):
        probe = Probe(tools, *options)
        accepts = "fexit/inet_csk_accept" in probe.hooks()
        has_io = "tp_btf/sock_send_length" in probe.hooks()
        wanted = ["connect"] + ["io"] * has_io + ["close"] + ["accept"] * accepts + ["listen", "task-file"]
        expect_equal(probe.values["owner"].split(), wanted, "owner")
        absent = (set() if accepts else ACCEPT) | (set() if has_io else IO)
        expect_equal(set(probe.values["fields not known"].split()), absent or {"none"}, "fields not known")


def try_records_nothing(tools):
    """Nor is a command run, nor a file made, and none that is there is in the way."""
    folder = tools.path("nothing")
    os.mkdir(folder)
    with open(os.path.join(folder, "cap.tlz"), "wb"):
        pass
    probe = Probe(tools, "-o", "cap.tlz", "--", "touch", "made", cwd=folder)
    expect_equal((probe.status, os.listdir(folder)), (0, ["cap.tlz"]), "status and files")


def try_without_rights(tools):
    probe = Probe(tools, preexec_fn=drop_rights)
    expect_equal(probe.status, 1, "status")
    expect("CAP_BPF and CAP_PERFMON" in probe.errors and "setcap" in probe.errors, f"'{probe.errors}' says no remedy")
    for key in ("recording", "cap_bpf", "cap_perfmon", "states", "hook tp_btf/inet_sock_set_state"):
        expect(not probe.works(key), f"{key} without rights")
    expect_equal((probe.values["hooks"], probe.values["owner"]), ("none", "none"), "hooks and owner")


def try_full_disk(tools):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([tools.recorder, "--probe"], stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=TIME_LIMIT_S, check=False)
    expect_equal(done.returncode, 1, "status")
    expect("No space left" in done.stderr, f"'{done.stderr}' does not say why")


def try_documented(tools):
    """The manual page has each key, and no other."""
    said = {re.sub(r"^(hook|way) .*", lambda found: f"{found[1]} {'HOOK' if found[1] == 'hook' else 'NAME'}", key) for key in Probe(tools).values}
    page = PAGE.read_text(encoding="utf-8").split(".Sh WHAT --PROBE SAYS\n")[1].split("\n.Sh ")[0]
    expect_equal({key for line in re.findall(r"^\.It (.*)", page, re.M) for key in line.split(" , ")}, said, "keys")


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    run_cases(tools, enter_namespace, [
        ("it says what a capture then does", lambda: try_as_recorded(tools)),
        ("and with --owner-io and --states", lambda: try_as_recorded(tools, "--owner-io", "--states")),
        ("each hook is tried by itself", lambda: try_hooks(tools)),
        ("owner and fields follow from the hooks", lambda: try_owner(tools)),
        ("nothing is recorded or run", lambda: try_records_nothing(tools)),
        ("without rights", lambda: try_without_rights(tools)),
        ("a full disk", lambda: try_full_disk(tools)),
        ("the manual page has every key", lambda: try_documented(tools)),
    ])


main()
