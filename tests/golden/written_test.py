#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--write: what it makes stands under its name when it is whole and not before, and never in place of what is read.

usage: written_test.py TCPLIFE_REPORT FIXTURES
"""
import functools
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

REPORT = pathlib.Path(sys.argv[1]).resolve()
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
CAPTURE = (FIXTURES / "good-losses.tlz").read_bytes()
SECONDS = 20  # what comes later than that does not come


def check(name, ok, why=""):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}")
    return ok


def run(folder, *arguments, stdin=subprocess.DEVNULL, **more):
    if "input" not in more:
        more["stdin"] = stdin
    return subprocess.run([REPORT, *arguments], cwd=folder, capture_output=True, check=False, **more)


def rows(folder, *arguments):
    """All that captures hold, as lines."""
    done = run(folder, "-q", "--sessions", "--states", "--jsonl", *arguments)
    return done.stdout.splitlines()


def wait_until(found, what):
    until = time.monotonic() + SECONDS
    while not found():
        if time.monotonic() > until:
            raise RuntimeError(f"in vain for {what}")
        time.sleep(0.01)


def names(folder):
    return sorted(os.listdir(folder))


def start_writing(folder, *options):
    """A reporter that has read a part of a pipe, and made a file of it."""
    writing = subprocess.Popen([REPORT, "-q", "-", "--write", "new.tlz", *options], cwd=folder, stdin=subprocess.PIPE)
    writing.stdin.write(CAPTURE[:-300])
    writing.stdin.flush()
    wait_until(lambda: any(name.startswith(".tlz-") and (folder / name).stat().st_size for name in names(folder)),
               "the temporary file")
    return writing


def finish(writing, data=b""):
    try:
        writing.stdin.write(data)
        writing.stdin.close()
    except BrokenPipeError:
        pass
    return writing.wait(SECONDS)


def test_not_before_it_is_whole(folder):
    writing = start_writing(folder)
    before = (folder / "new.tlz").exists()
    status = finish(writing, CAPTURE[-300:])
    return check("nothing has the name until all is written",
                 (before, status, names(folder)) == (False, 0, ["new.tlz"]), f"{before} {status} {names(folder)}")


def test_killed(folder):
    writing = start_writing(folder)
    writing.kill()
    finish(writing)
    left = names(folder)
    return check("what is left of one that was killed has no capture's name",
                 len(left) == 1 and left[0].startswith(".tlz-"), str(left))


def test_ended_by_signals(folder):
    good = True
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup(1) has it ignored, here and in what is started
    for number in (signal.SIGTERM, signal.SIGHUP):
        writing = start_writing(folder)
        writing.send_signal(number)
        status = finish(writing)
        good &= check(f"{number.name} leaves nothing", (status, names(folder)) == (-number, []),
                      f"{status} {names(folder)}")
    writing = start_writing(folder)

    def interrupt_again():  # the first lets the input end
        writing.send_signal(signal.SIGINT)
        return writing.poll() is not None

    wait_until(interrupt_again, "its end")
    status = finish(writing)
    return good & check("a second Ctrl-C leaves nothing", (status, names(folder)) == (-signal.SIGINT, []),
                        f"{status} {names(folder)}")


def test_file_too_large(folder):
    """Over the limit of a file's size it fails as on a full disk: nothing is left, and what was there is kept."""
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    large = FIXTURES / "sample.tlz"
    done = run(folder, large, "--write", "new.tlz", preexec_fn=limit)
    good = check("a file that is too large", (done.returncode, names(folder), b"new.tlz: File too large" in done.stderr) ==
                 (1, [], True), str(done))
    (folder / "new.tlz").write_bytes(b"precious")
    done = run(folder, large, "--write", "new.tlz", "--force", preexec_fn=limit)
    good &= check("... in the place of another", (done.returncode, names(folder), (folder / "new.tlz").read_bytes()) ==
                  (1, ["new.tlz"], b"precious"), str(done))
    with open(folder / "text", "wb") as text:
        done = subprocess.run([REPORT, large, "--csv"], stdout=text, stderr=subprocess.PIPE, check=False, preexec_fn=limit)
    return good & check("text that is too large", done.returncode == 1 and b"File too large" in done.stderr, str(done))


def test_old_one_is_kept(folder):
    (folder / "new.tlz").write_bytes(b"precious")
    writing = start_writing(folder, "--force")
    writing.send_signal(signal.SIGTERM)
    status = finish(writing)
    return check("an old file is kept when a new one does not become whole",
                 (status, names(folder), (folder / "new.tlz").read_bytes()) == (-signal.SIGTERM, ["new.tlz"], b"precious"),
                 f"{status} {names(folder)}")


def test_came_meanwhile(folder):
    writing = start_writing(folder)
    (folder / "new.tlz").write_bytes(b"another's")
    status = finish(writing, CAPTURE[-300:])
    return check("what came to stand there meanwhile is kept",
                 (status, names(folder), (folder / "new.tlz").read_bytes()) == (1, ["new.tlz"], b"another's"),
                 f"{status} {names(folder)}")


def test_never_onto_an_input(folder):
    """By every name that the same file can have."""
    (folder / "there").mkdir()
    (folder / "a.tlz").write_bytes(CAPTURE)
    (folder / "symbolic.tlz").symlink_to("a.tlz")
    (folder / "hard.tlz").hardlink_to(folder / "a.tlz")
    (folder / "folder").symlink_to(".")
    before = names(folder)
    good = True
    with open(folder / "a.tlz", "rb+") as opened:
        by_number = f"/dev/fd/{opened.fileno()}"
        ours = f"/proc/{os.getpid()}/fd/{opened.fileno()}"
        ways = ["a.tlz", "./a.tlz", "there/../a.tlz", str(folder / "a.tlz"), "symbolic.tlz", "hard.tlz", "folder/a.tlz",
                by_number, ours]
        for source in ("a.tlz", "symbolic.tlz", ".", by_number, "-"):
            for target in ways:
                opened.seek(0)
                done = run(folder, source, "--write", target, "--force", stdin=opened, pass_fds=[opened.fileno()])
                if done.returncode != 1 or b"it is being read" not in done.stderr or \
                        (folder / "a.tlz").read_bytes() != CAPTURE or names(folder) != before:
                    good &= check(f"{source} onto {target}", False, f"{done.returncode} {done.stderr}")
    return check("an input is never written onto, whatever it is called", good)


def test_damaged_ones_are_repaired(folder):
    """All that a reader shows of a damaged capture is in what is written of it, and that is whole."""
    data, wrong, count = (FIXTURES / "v1" / "many.tlz").read_bytes(), [], 0
    variants = [(f"cut to {size}", data[:size]) for size in range(len(data) // 9, len(data), len(data) // 9)]
    for place in range(97, len(data), len(data) // 23):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        variants.append((f"a bit of byte {place}", bytes(flipped)))
        variants.append((f"byte {place} lost", data[:place] + data[place + 1:]))
    for what, variant in variants:
        (folder / "damaged.tlz").write_bytes(variant)
        done = run(folder, "-q", "damaged.tlz", "--write", "repaired.tlz", "--force")
        verified = run(folder, "repaired.tlz", "--verify", "--columns", "reason,provenance", "--csv")
        told = b"what it was made from has" in verified.stdout and b"from damaged.tlz" in verified.stdout
        same = rows(folder, "damaged.tlz") == rows(folder, "repaired.tlz")
        if (done.returncode, verified.returncode, told, same) != (3, 0, True, True):
            wrong.append(f"{what}: {done.returncode} {verified.returncode} {told} {same} {done.stderr}")
        count += 1
    return check(f"{count} damaged captures are repaired", count > 40 and not wrong, "; ".join(wrong[:3]))


def test_written_again(folder):
    """A write of a write, at the highest level, is the same capture."""
    good = True
    for path in sorted(FIXTURES.glob("good-*.tlz")):
        run(folder, "-q", path, "--write", "once.tlz", "--force", "--level", "19")
        run(folder, "-q", "once.tlz", "--write", "twice.tlz", "--force")
        once, twice, first = rows(folder, "once.tlz"), rows(folder, "twice.tlz"), rows(folder, path)
        if not sorted(first) == sorted(once) == sorted(twice):
            good &= check(f"{path.stem} written twice", False, f"{len(first)} {len(once)} {len(twice)} rows")
    return check("a write of a write has the same rows", good)


def make(folder, name, lines, *options):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = run(folder, "-q", "--input", "jsonl", "-", "--write", name, *options, stdin=None, input=text.encode())
    assert done.returncode == 0, done.stderr


def host_lines(host, number, closes, per_block, skew):
    """A host's recording whose blocks have a clock pair each, and overlap: rows are `skew` out of order."""
    lines = [{"type": "capture", "source": 1, "capture_id": f"{number:032x}", "host": host, "time_zone": "UTC"}]
    for i, close in enumerate(skewed(closes, skew)):
        lines.append({"close_us": close, "laddr": f"192.0.2.{number}", "lport": i, "raddr": "198.51.100.1", "rport": 443,
                      "connect_pid": number, "connect_comm": host})
        if i % per_block == per_block - 1:  # ends the block
            lines.append({"type": "name", "source": 1, "kind": "uid", "id": i, "name": host})
    return [*lines, {"type": "end", "clean_end": True}]


def skewed(values, by):
    return [value for i in range(0, len(values), by) for value in reversed(values[i:i + by])]


HOSTS = [("a", 0, 700_000, 5, 1), ("b", 350_123, 1_100_000, 7, 3), ("c", 13, 90_000, 64, 100)]
BEGIN_US = 1777626000000000


def make_hosts(folder):
    """Three hosts, whose clocks begin at different times and whose rows come at different rates."""
    closes = {}
    for number, (host, offset, step, per_block, skew) in enumerate(HOSTS, 1):
        closes[host] = [BEGIN_US + offset + i * step for i in range(400)]
        make(folder, host + ".tlz", host_lines(host, number, closes[host], per_block, skew))
    return closes


def times_of(folder, *arguments):
    done = run(folder, "-q", "--csv", "--columns", "close_us,comm", *arguments)
    return [(int(time), comm) for time, comm in (line.split(",") for line in done.stdout.decode().splitlines()[1:])]


def test_merged_by_time(folder):
    """Of several hosts, of a file that holds several, and of several such files, rows come in the order of their times."""
    closes = make_hosts(folder)
    wanted = sorted((time, host) for host, times in closes.items() for time in times)
    names = [host + ".tlz" for host, *_ in HOSTS]
    good = check("three hosts are merged by time", times_of(folder, *names) == wanted)
    run(folder, "-q", *names, "--write", "all.tlz")
    good &= check("a merged file is shown by time", times_of(folder, "all.tlz") == wanted)
    good &= check("... and with several jobs", times_of(folder, "all.tlz", "--jobs", "3") == wanted)
    run(folder, "-q", names[0], names[2], "--write", "two.tlz")
    good &= check("a merged file and another are merged", times_of(folder, "two.tlz", names[1]) == wanted)
    run(folder, "-q", "two.tlz", names[1], "--write", "again.tlz")
    good &= check("a merge of a merge", times_of(folder, "again.tlz") == wanted)
    run(folder, "-q", "all.tlz", "--sort", "lport", "--write", "sorted.tlz")
    good &= check("a merged file in which blocks have any order", times_of(folder, "sorted.tlz") == wanted)
    (folder / "cut.tlz").write_bytes((folder / "sorted.tlz").read_bytes()[:-200])
    good &= check("... and no index", times_of(folder, "cut.tlz") == wanted)
    since = BEGIN_US + 20_000_000
    good &= check("... a part of the time", times_of(folder, "sorted.tlz", "--filter", f"close_us >= {since}") ==
                  [row for row in wanted if row[0] >= since])
    good &= check("... the first rows", times_of(folder, "sorted.tlz", "--top", "7") == wanted[:7])
    first = sorted(rows(folder, *names))
    for name in ("all.tlz", "again.tlz", "sorted.tlz", "cut.tlz"):
        good &= check(f"{name} has the same rows, all values of them", sorted(rows(folder, name)) == first)
    verified = run(folder, "all.tlz", "again.tlz", "sorted.tlz", "--verify", "--columns", "capture_id,host", "--csv")
    ids = {line for line in verified.stdout.splitlines()[1:]}
    return good & check("each source keeps its id", (verified.returncode, ids) ==
                        (0, {f"{number:032x},{host}".encode() for number, (host, *_) in enumerate(HOSTS, 1)}),
                        f"{verified}")


def test_one_recording_keeps_its_order(folder):
    closes = make_hosts(folder)
    wanted = [(time, "b") for time in skewed(closes["b"], 3)]
    return check("rows of one recording alone stay in its order", times_of(folder, "b.tlz") == wanted)


def test_ends_come_last(folder):
    """JSON lines with all that a merged file says can be read back."""
    make_hosts(folder)
    run(folder, "-q", "c.tlz", "a.tlz", "b.tlz", "--sort", "lport", "--write", "all.tlz")
    lines = run(folder, "-q", "all.tlz", "--sessions", "--states", "--jsonl", "--with-meta").stdout
    (folder / "lines.jsonl").write_bytes(lines)
    back = rows(folder, "--input", "jsonl", "lines.jsonl")
    return check("lines of a merged file are read back", back == rows(folder, "all.tlz") and
                 b'"type":"end"' in lines.splitlines()[-1], f"{len(back)} {lines.splitlines()[-1]}")


def test_provenance(folder):
    """Each write adds what it was made from, and how; where there is no room, the old is cut and not the new."""
    (folder / "a.tlz").write_bytes((FIXTURES / "sample.tlz").read_bytes())
    run(folder, "-q", "a.tlz", "-L", "443", "--since", "2026-01-01", "--write", "b.tlz")
    run(folder, "-q", "b.tlz", "--sort", "ms", "--top", "2", "--write", "c.tlz", "--level", "19")
    told = run(folder, "c.tlz", "--info", "--columns", "provenance", "--csv").stdout.decode().splitlines()[1].strip('"')
    first, second = (text.split(" ", 2) for text in told.split("; "))
    good = check("provenance of a write of a write", (first[0], first[2], second[0], second[2]) == (
        "tcplife-report", "from a.tlz (a selection: --localport 443 --since 2026-01-01)",
        "tcplife-report", "from b.tlz (a selection: --sort ms --top 2)"), told)
    long = "lport in (" + ", ".join(str(port) for port in range(443, 1043)) + ")"
    for before, after in ("cd", "de"):
        run(folder, "-q", before + ".tlz", "--filter", long, "--write", after + ".tlz")
    told = run(folder, "e.tlz", "--info", "--columns", "provenance", "--csv").stdout.decode()
    return good & check("a long provenance", f"...; tcplife-report {second[1]} from d.tlz (a selection: --filter '{long}')"
                        in told, told)


def main():
    tests = [test_provenance, test_merged_by_time, test_one_recording_keeps_its_order, test_ends_come_last,
             test_not_before_it_is_whole, test_killed, test_ended_by_signals, test_file_too_large,
             test_old_one_is_kept, test_came_meanwhile, test_never_onto_an_input, test_damaged_ones_are_repaired,
             test_written_again]
    good = True
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            good &= test(pathlib.Path(folder).resolve())
    return 0 if good else 1


sys.exit(main())
