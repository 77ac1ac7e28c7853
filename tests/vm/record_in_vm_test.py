#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Records in a virtual machine with another kernel, by each path that the recorder has into a kernel, and holds what
it brings out to what the traffic has noted, with this machine's reporter.

usage: record_in_vm_test.py NEEDS ARCH KERNEL RECORDER TRAFFIC CROWD REPORT [OTHER_REPORT]

The last is a reporter of another kind of machine, which must say the same of each capture.
"""

import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "kernel"), str(HERE.parent / "cross")]
import machine  # noqa: E402
from kernel_case import CLOCK_TOLERANCE_US, Failure, Skip, check_counts, check_times, expect, expect_equal  # noqa: E402
from matrix import PATHS, tables_of, traffic_of  # noqa: E402
from same_meaning import EVERYTHING, difference, run  # noqa: E402
from session_case import MODES, check_rows  # noqa: E402
from state_case import Changes, check_life, check_session  # noqa: E402

CROWD_SESSIONS = 20


@functools.cache
def report(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    expect_equal(done.returncode, 0, f"status of the report ({done.stderr.strip()})")
    return done.stdout


class Found:
    """What came out of the machine by one path."""

    def __init__(self, folder, reporter):
        self.folder, self.reporter = folder, reporter
        expect(folder.is_dir(), "nothing came of it")

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def capture(self):
        """Once it is sure that its recorder lost nothing."""
        said = self.read("sessions.log").strip()
        expect_equal(self.read("sessions.status").strip(), "0", f"status of the recorder ({said})")
        expect("nothing lost" in said, f"lost: {said}")
        return self.folder / "sessions.tlz"

    def rows(self):
        return [json.loads(line) for line in report(self.reporter, "--jsonl", self.capture()).splitlines()]

    def rows_of_port(self, port):
        return [row for row in self.rows() if port in (row["lport"], row["rport"])]

    def rows_of_crowd(self, name):
        """Two a session, and as many of each process."""
        pids = self.pids_of(name)
        rows = [row for row in self.rows() if row["pid"] in pids]
        expect_equal(len(rows), 2 * CROWD_SESSIONS, "rows")
        for pid in pids:
            expect_equal(sum(row["pid"] == pid for row in rows), len(rows) // len(pids), f"rows of process {pid}")
        return rows

    def pids_of(self, crowd):
        return [int(pid) for pid in self.read(f"{crowd}.crowd").split()[1:]]

    def info(self):
        """What the capture says of itself: values by their names."""
        lines = report(self.reporter, "--info", self.capture()).splitlines()
        return dict(re.split(r"  +", line, maxsplit=1) for line in lines)

    def sources(self):
        """Of "accept", "io" and "cookie", what is known by this path."""
        absent = self.info().get("fields not known", "").split()
        return [source for source, field in (("accept", "accept_pid"), ("io", "io_pid"), ("cookie", "cookie"))
                if field not in absent]

    def span_us(self):
        return int(self.read("begin")) * 1000000, int(self.read("end")) * 1000000 + 999999

    def ledger(self, mode, family):
        lines = []
        for side in ("client", "server"):
            lines += [dict(word.split("=") for word in line.split()) for line in
                      self.read(f"{mode}-{family}.{side}").splitlines()]
        return [{key: int(value) if value.isdigit() else value for key, value in line.items()} for line in lines]


def hooks_wanted(options):
    """Beginnings of words that a capture of these options has among its hooks."""
    wanted = {"--hooks": "{}/inet_s", "--transport": "map/{}", "--storage": "map/{}"}
    words = options.split()
    return [wanted[option].format(value) for option, value in zip(words, words[1:]) if option in wanted]


def try_info(found, options):
    """It says that it was recorded as it should be; and each row holds together."""
    info = found.info()
    for wanted in hooks_wanted(options):
        expect(f" {wanted}" in f" {info['hooks'].replace('/sock/', '/')}", f"no {wanted} in {info['hooks']}")
    for row in found.rows():
        check_times(row)
        check_counts(row)
    print(f"# Linux {info['kernel']} {info['machine']}: {info['hooks']}; {info['sessions']} sessions")


def try_probe(folder, found):
    """It says what the captures then have."""
    probe = dict(line.split(": ", 1) for line in (folder / "probe").read_text(encoding="utf-8").splitlines())
    info = found.info()
    expect_equal(probe["recording"], "yes", "recording")
    for key in ("hooks", "kernel", "machine", "version", "fields not known"):
        expect_equal(probe[key], info.get(key, "none"), key)


def try_mode(found, mode, family, port):
    rows = found.rows_of_port(port)
    check_rows(rows, found.ledger(mode, family), MODES[mode][1:], found.span_us(), rows[0]["netns"], found.sources())


def try_nothing_else(found, ports):
    """The machine has only this traffic."""
    pids = found.pids_of("before") + found.pids_of("after")
    others = [row for row in found.rows() if not {row["lport"], row["rport"]} & set(ports) and row["pid"] not in pids]
    expect_equal(others, [], "rows that no session made")


def try_still_open(found):
    server = "accept" if "accept" in found.sources() else "listen"
    for row in found.rows_of_crowd("after"):
        expect_equal((row["end"], row["last_state"]), ("still-open", "ESTABLISHED"), "its end")
        expect_equal(row["before_start"], False, "before_start")
        expect_equal(row["owner"], "connect" if row["direction"] == "out" else server, "owner")


def try_before_start(found):
    rows = found.rows_of_crowd("before")
    for row in rows:
        expect("open_us" not in row and row["before_start"], "a beginning that was not seen")
        expect_equal(row["owner"], "io" if "io_pid" in row else "close", "owner")
        expect_equal((row["task_file_pid"], row["closer_pid"]), (row["pid"],) * 2, "who had it open and closed it")
    expect_equal([sum(row["end"] == end for row in rows) for end in ("closed-here", "closed-there")],
                 [CROWD_SESSIONS] * 2, "ends")


def is_session(life):
    """A listener is none; nor is a child's twin, which another processor makes of the same handshake, and the kernel
    drops."""
    return "LISTEN" not in (life[0].new, life[-1].old) and life[-1].step() != ("SYN_RECV", "CLOSE")


def try_states(found):
    """Each change of state follows from the one before, and each session's times are those of its changes."""
    sessions = found.rows()
    lives = [life for life in Changes(found.capture()).lives() if is_session(life)]
    for life in lives:
        check_life(life, CLOCK_TOLERANCE_US)
        if life[-1].new == "CLOSE":
            check_session(life, sessions, CLOCK_TOLERANCE_US)
    expect_equal(len(lives), len(sessions), "sockets that changed their state")


def try_other(found, other):
    """A reporter of another kind of machine says the same."""
    if not other:
        raise Skip("there is no reporter of another kind of machine (tools/test builds it)")
    here, there = (run(reporter, *EVERYTHING, found.capture()) for reporter in (found.reporter, other))
    expect(here == there, f"there it says something else: {difference(here, there)}")
    expect_equal(here[0], 0, f"status ({here[2].decode()})")


def try_dmesg(folder):
    """The kernel had nothing to complain of."""
    text = (folder / "dmesg").read_text(encoding="utf-8", errors="replace")
    bad = re.findall(r".*(?:WARNING:|BUG:|Oops|Call Trace|rcu_.*stall|hung task).*", text)
    expect_equal(bad, [], "what the kernel says")


def cases_of(path, arch, folder, reporter, other):
    """Yields (name, function)."""
    traffic = traffic_of(arch, path)

    def case(name, function, *arguments):
        return f"{path}: {name}", lambda: function(Found(folder / path, reporter), *arguments)

    yield case("what the capture says", try_info, PATHS[path])
    for (mode, family), (_, port) in traffic.items():
        yield case(f"{mode}, {family}", try_mode, mode, family, port)
    yield case("nothing else", try_nothing_else, [port for _, port in traffic.values()])
    yield case("still open at the end", try_still_open)
    yield case("open at the start", try_before_start)
    if "--states" in PATHS[path]:
        yield case("changes of state", try_states)
    yield case("replayed on another machine", try_other, other)


def run_case(name, function):
    """Prints its line; whether it did not fail."""
    try:
        function()
        print(f"PASS {name}")
    except Skip as reason:
        print(f"SKIP {name}: {reason}")
    except Failure as reason:
        print(f"FAIL {name}: {reason}")
        return False
    except Exception as error:  # pylint: disable=broad-exception-caught
        print(f"FAIL {name}: {type(error).__name__}: {error}")
        return False
    return True


def main():
    needs, arch, kernel, *programs, reporter, other = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tcplife-vm-"))
    good = run_case("runs to its end", lambda: machine.run(
        arch, needs, kernel, machine.make_archive(needs, programs, tables_of(arch)), folder))
    cases = [("the kernel does not complain", lambda: try_dmesg(folder))]
    cases.append(("what --probe says", lambda: try_probe(folder, Found(folder / "default", reporter))))
    for path in PATHS:
        cases += cases_of(path, arch, folder, reporter, other)
    if good:
        good = all([run_case(*case) for case in cases])
    if good:
        shutil.rmtree(folder)
    else:
        print(f"# what came out is in {folder}")
    return 0 if good else 1


sys.exit(main())
