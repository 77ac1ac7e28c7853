#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--follow: rows come as they are written, byte by byte, over rotations, removals and replacements.

usage: follow_test.py TCPLIFE_REPORT FIXTURES [NO_INOTIFY]

NO_INOTIFY is a library in which there is none.
"""
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

REPORT = pathlib.Path(sys.argv[1]).resolve()
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
NO_INOTIFY = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
SECONDS = 30  # an answer later than that is none


def check(name, ok, why=""):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}", flush=True)
    return ok


def capture(*comms, lost=0, name=0):
    """The bytes of a capture that has a session of each of these, a block for each; and losses. name: its id, by which
    captures that begin alike do so byte for byte; 0 = it has none."""
    lines = [{"type": "capture", "source": 1, "capture_id": f"{name:032x}", "host": "a", "time_zone": "UTC"}]
    for i, comm in enumerate(comms):
        lines.append({"close_us": 1777626000000000 + i, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2,
                      "connect_pid": 1, "connect_comm": comm})
        lines.append({"type": "name", "source": 1, "kind": "uid", "id": i, "name": comm})  # ends the block
    if lost:
        lines.append({"type": "loss", "source": 1, "of": "sessions", "cause": "ring-full", "count": lost, "from_us": 1,
                      "to_us": 2})
    lines.append({"type": "end", "clean_end": True, "reason": "rotated"})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([REPORT, "-q", "--input", "jsonl", "-", "--write", "-"], input=text.encode(), capture_output=True,
                          check=True)
    return done.stdout


def end_of(data):
    """Where the last block of rows and names ends: behind it stand the index and the end."""
    sync, at = b"\xf4TLB", 0
    places = []
    while (at := data.find(sync, at)) >= 0:
        places.append(at)
        at += 1
    return places[-2]


class Following:
    def __init__(self, folder, *arguments, options=("--columns", "comm", "--csv"), environment=None):
        self.folder = folder
        self.errors = tempfile.TemporaryFile()
        self.run = subprocess.Popen([REPORT, "--follow", *options, *arguments], cwd=folder, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=self.errors,
                                    env=dict(os.environ, **(environment or {})))
        self.said = b""

    def shows(self, text):
        """Waits until it has printed that."""
        until = time.monotonic() + SECONDS
        while text not in self.said:
            if time.monotonic() > until or not select.select([self.run.stdout], [], [], SECONDS)[0]:
                raise RuntimeError(f"it does not show {text}, but {self.said}; {self.warned()}")
            more = os.read(self.run.stdout.fileno(), 65536)
            if not more:
                raise RuntimeError(f"it ended before {text}, after {self.said}; {self.warned()}")
            self.said += more

    def warned(self):
        self.errors.seek(0)
        return self.errors.read()

    def warns(self, text):
        until = time.monotonic() + SECONDS
        while text not in self.warned():
            if time.monotonic() > until:
                raise RuntimeError(f"it does not warn of {text}, but {self.warned()}")
            time.sleep(0.01)

    def end(self, number=signal.SIGINT):
        """(status, all that it printed, all that it warned of)"""
        self.run.send_signal(number)
        self.said += self.run.stdout.read()
        self.run.stdout.close()
        return self.run.wait(SECONDS), self.said, self.warned()


def no_inotify():
    return {"LD_PRELOAD": str(NO_INOTIFY)} if NO_INOTIFY else {}


def append(path, data):
    with open(path, "ab") as file:
        file.write(data)


def grow(path, data):
    """Byte by byte."""
    with open(path, "ab", buffering=0) as file:
        for i in range(len(data)):
            file.write(data[i:i + 1])


def test_byte_by_byte(folder):
    first, second = capture("one", "two"), capture("three")
    follow = Following(folder, "x.tlz")
    grow(folder / "x.tlz", first[:end_of(first)])
    follow.shows(b"one\ntwo\n")
    grow(folder / "x.tlz", first[end_of(first):])
    os.rename(folder / "x.tlz", folder / "old.tlz")
    grow(folder / "x.tlz", second)
    follow.shows(b"three\n")
    got = follow.end()
    return check("a file that grows byte by byte, and the next of that name", got == (0, b"comm\none\ntwo\nthree\n", b""), got)


def ring_name(second, host="web1"):
    return f"{host}-20260501T1200{second:02}.000Z.tlz"


def test_ring(folder, what="a ring", environment=None):
    """The next file begins before the one before is ended; the oldest are removed."""
    follow = Following(folder, ".", environment=environment)
    follow.shows(b"comm\n")
    wanted = b"comm\n"
    before = None
    for i in range(6):
        data = capture(f"a{i}", f"b{i}")
        grow(folder / ring_name(i), data[:200])
        if before:
            grow(*before)
        append(folder / ring_name(i), data[200:end_of(data)])
        before = folder / ring_name(i), data[end_of(data):]
        wanted += b"a%d\nb%d\n" % (i, i)
        follow.shows(wanted)
        if i > 2:
            (folder / ring_name(i - 2)).unlink()
    got = follow.end()
    return check(what, got == (0, wanted, b""), got)


def test_without_inotify(folder):
    return not NO_INOTIFY or test_ring(folder, "a ring without inotify", no_inotify())


def test_one_of_a_ring(folder):
    """A file of a ring that is named stands for those of its ring that are newer."""
    for second, comm, host in ((1, "old", "web1"), (2, "named", "web1"), (3, "next", "web1"), (4, "other", "web2")):
        (folder / ring_name(second, host)).write_bytes(capture(comm))
    follow = Following(folder, ring_name(2))
    follow.shows(b"next\n")
    (folder / ring_name(5, "web2")).write_bytes(capture("other"))
    (folder / ring_name(6)).write_bytes(capture("last"))
    follow.shows(b"last\n")
    got = follow.end(signal.SIGTERM)
    return check("a file of a ring", got == (0, b"comm\nnamed\nnext\nlast\n", b""), got)


def test_removed_before_its_end(folder):
    data = capture("one", "two")
    append(folder / "x.tlz", data[:end_of(data)])
    follow = Following(folder, "x.tlz")
    follow.shows(b"two\n")
    (folder / "x.tlz").unlink()
    follow.warns(b"x.tlz: it has no end")
    append(folder / "x.tlz", capture("three"))
    follow.shows(b"three\n")
    status, said, errors = follow.end()
    return check("one that is removed without an end is told of", (status, said, errors.count(b"\n")) ==
                 (3, b"comm\none\ntwo\nthree\n", 1), (status, said, errors))


def test_replaced_and_cut(folder):
    """A new file in its place, and one that becomes shorter."""
    data = capture("one", "two")
    append(folder / "x.tlz", data[:end_of(data)])
    follow = Following(folder, "x.tlz")
    follow.shows(b"two\n")
    append(folder / "y", capture("three")[:-9])
    os.rename(folder / "y", folder / "x.tlz")
    follow.shows(b"three\n")
    os.truncate(folder / "x.tlz", 0)
    append(folder / "x.tlz", capture("four")[:-9])
    follow.shows(b"four\n")
    status, said, errors = follow.end()
    return check("a file that is replaced, and one that becomes shorter",
                 (status, said) == (3, b"comm\none\ntwo\nthree\nfour\n") and b"it became shorter" in errors,
                 (status, said, errors))


def blocks_of(data):
    """The bytes in front of the first block, and then each block's."""
    places = [0, 16]
    while places[-1] < len(data):
        places.append(places[-1] + 48 + int.from_bytes(data[places[-1] + 12:places[-1] + 16], "little"))
    return [data[a:b] for a, b in zip(places, places[1:])]


def follow_while_cut(folder, data, size):
    """Follows a.tlz, which has these bytes and is then cut to that size. What b.tlz shows tells that a.tlz was looked at
    before, and after."""
    other = blocks_of(capture("x", "y"))
    append(folder / "a.tlz", data)
    append(folder / "b.tlz", b"".join(other[:4]))
    follow = Following(folder, "a.tlz", "b.tlz")
    follow.shows(b"x\n")
    os.truncate(folder / "a.tlz", size)
    append(folder / "b.tlz", b"".join(other[4:]))
    follow.shows(b"y\n")
    return follow


def differing_captures():
    """The blocks of two, and how many of them are the same."""
    before, after = (blocks_of(capture("one", comm, name=1)) for comm in ("two", "three"))
    return before, after, sum(a == b for a, b in zip(before, after))


def test_torn_block(folder):
    """A part of a block is cut off, as when the disk was full, and another block is written there: nothing is read
    twice, and nothing of the part is kept."""
    before, after, same = differing_captures()
    good = b"".join(before[:same])
    follow = follow_while_cut(folder, good + before[same][:-1], len(good))
    append(folder / "a.tlz", b"".join(after[same:]))
    follow.shows(b"three\n")
    got = follow.end()
    return check("a block that is cut off, and another in its place", got == (0, b"comm\none\nx\ny\nthree\n", b""), got)


def test_whole_blocks_go(folder):
    """More than a part of a block is cut off: it is read again, and nothing is passed over."""
    before, after, same = differing_captures()
    good = b"".join(before[:same])
    follow = follow_while_cut(folder, b"".join(before[:-1]), len(good))  # the index is the last
    follow.warns(b"a.tlz: it became shorter")
    append(folder / "a.tlz", b"".join(after[same:]))
    follow.shows(b"three\n")
    status, said, errors = follow.end()
    rows = sorted(said.split())
    return check("whole blocks that are cut off",
                 (status, rows) == (3, sorted(b"comm one two x y one three".split())), (status, said, errors))


def test_name_that_comes_late(folder):
    """What is shown does not depend on what is there when it begins: a name holds for what comes behind it."""
    lines = [{"close_us": 1777626000000000 + i, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2, "uid": 7,
              "connect_pid": 1, "connect_comm": f"c{i}"} for i in range(2)]
    lines.insert(1, {"type": "name", "source": 1, "kind": "uid", "id": 7, "name": "zed"})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    subprocess.run([REPORT, "-q", "--input", "jsonl", "-", "--write", folder / "x.tlz"], input=text.encode(), check=True)
    follow = Following(folder, "-u", "zed", "x.tlz")
    follow.shows(b"c1\n")
    got = follow.end()
    return check("a name that comes late", got[:2] == (0, b"comm\nc1\n"), got)


def test_killed_recorders(folder):
    """Those without an end are told of when it ends, but not the one that is being written."""
    data = capture("one")
    append(folder / ring_name(1), data[:end_of(data)])
    append(folder / ring_name(2), data[:end_of(data) + 20])
    append(folder / ring_name(3), data[:end_of(data) + 20])
    follow = Following(folder, ".")
    follow.shows(b"comm\none\none\none\n")
    status, said, errors = follow.end()
    lines = [line.split(b": ", 2)[1:] for line in errors.splitlines()]
    ends = [name.decode() for name, text in lines if b"it has no end" in text]
    cuts = [name.decode() for name, text in lines if b"the file ends inside a block" in text]
    names = ["./" + ring_name(i) for i in (1, 2)]
    return check("captures of recorders that were killed", (status, sorted(ends), cuts) == (3, names, names[1:]),
                 (status, said, errors))


def test_link(folder):
    (folder / "there").mkdir()
    (folder / "link").symlink_to("there/x.tlz")
    data = capture("one", "two")
    append(folder / "there" / "x.tlz", data[:200])
    follow = Following(folder, "link")
    follow.shows(b"comm\n")
    append(folder / "there" / "x.tlz", data[200:])
    follow.shows(b"two\n")
    got = follow.end()
    return check("a link to a file", got == (0, b"comm\none\ntwo\n", b""), got)


def test_not_a_capture(folder):
    (folder / "a.tlz").write_bytes(b"this is no capture, and it is long enough to know that for certain: it is text")
    (folder / "b.tlz").write_bytes(capture("one"))
    (folder / "c.tlz").mkdir()
    (folder / "d.txt").write_bytes(capture("not this"))
    (folder / ".e.tlz").write_bytes(capture("nor this"))
    os.mkfifo(folder / "f.tlz")
    follow = Following(folder, ".")
    follow.shows(b"one\n")
    status, said, errors = follow.end()
    good = check("what is no capture", (status, said, errors) ==
                 (1, b"comm\none\n", b"tcplife-report: ./a.tlz: not a capture\n"), (status, said, errors))
    for short in (b"x", b"\xf4TLz", (FIXTURES / "bad-csv.tlz").read_bytes()):
        (folder / "short.tlz").write_bytes(short)
        follow = Following(folder, "short.tlz")
        follow.warns(b"short.tlz: not a capture")
        status, said, errors = follow.end()
        good &= check(f"{len(short)} bytes that no capture begins with", status == 1, (status, said, errors))
    return good


def test_formats_and_filters(folder):
    data = capture("one", "two")
    append(folder / "x.tlz", data[:end_of(data)])
    options = {
        "text": (("--filter", "comm == 'two'"), b"two"),
        "JSON lines": (("--jsonl", "--columns", "comm", "--filter", "comm == two"), b'{"comm":"two"}\n'),
        "with meta": (("--jsonl", "--with-meta", "--columns", "comm"), b'{"comm":"two"}\n'),
        "times": (("--csv", "--columns", "comm", "--since", "2026-05-01T09:00:00.000001Z"), b"comm\ntwo\n"),
        "zone": (("--csv", "--columns", "comm", "--since", "2026-05-01 09:00:00.000001"), b"comm\ntwo\n"),
        "other names": (("-q", "--csv", "--columns", "lport", "--anonymize"), b"lport\n1\n1\n"),
        "top": (("--csv", "--columns", "comm", "--top", "1"), b"comm\none\n"),
    }
    good = True
    for name, (some, text) in options.items():
        follow = Following(folder, "x.tlz", options=some)
        follow.shows(text)
        status, said, errors = follow.end()
        good &= check(f"follow and {name}", status == 0 and text in said and not errors, (status, said, errors))
    return good


def test_views_at_the_end(folder):
    """What is made of all rows comes when it is interrupted."""
    append(folder / "x.tlz", capture("one", "one", "two", lost=5))
    follow = Following(folder, "x.tlz", options=("--flows", "--csv", "--columns", "comm,sessions"))
    follow.warns(b"x.tlz: the recorder lost 5 sessions")  # once all is read
    status, said, errors = follow.end()
    return check("flows are shown when it is interrupted", (status, sorted(said.splitlines()), errors.count(b"\n")) ==
                 (0, [b"comm,sessions", b"one,2", b"two,1"], 1), (status, said, errors))


def test_nobody_reads(folder):
    append(folder / "x.tlz", capture("one")[:-9])
    follow = Following(folder, "x.tlz")
    follow.shows(b"one\n")
    follow.run.stdout.close()
    status = follow.run.wait(SECONDS)
    return check("it ends quietly when nobody reads", (status, follow.warned()) == (0, b""), (status, follow.warned()))


def test_directory_goes(folder):
    (folder / "there").mkdir()
    (folder / "there" / "x.tlz").write_bytes(capture("one"))
    follow = Following(folder, "there", environment=no_inotify())  # which looks more often by itself
    follow.shows(b"one\n")
    (folder / "there" / "x.tlz").unlink()
    (folder / "there").rmdir()
    status = follow.run.wait(SECONDS)
    return check("it ends when the directory is gone", (status, follow.warned()) ==
                 (0, b"tcplife-report: there: the directory is gone\n"), (status, follow.warned()))


def test_misuse(folder):
    wrong = []
    for arguments in (["-"], ["--json", "."], ["--info", "."], ["--verify", "."], ["--write", "x.tlz", "."],
                      ["--input", "jsonl", "."], ["--list-columns"]):
        done = subprocess.run([REPORT, "--follow", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              check=False, timeout=SECONDS)
        if done.returncode != 2 or b"--follow" not in done.stderr or done.stdout:
            wrong.append((arguments, done))
    done = subprocess.run([REPORT, "--follow", "nowhere/x.tlz"], cwd=folder, capture_output=True, check=False)
    if (done.returncode, done.stderr) != (1, b"tcplife-report: nowhere/x.tlz: No such file or directory\n"):
        wrong.append(done)
    return check("misuse of --follow", not wrong, wrong)


def main():
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    good = True
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            try:
                good &= test(pathlib.Path(folder).resolve())
            except RuntimeError as error:
                good = check(test.__name__, False, error)
    return 0 if good else 1


sys.exit(main())
