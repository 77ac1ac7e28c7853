#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states --journal: the entries, field by field, as they come to the journal's socket, besides what is printed; that
the reporter is confined all the same; and the same entries in a real journal, where systemd-journald is installed.

usage: journal_test.py TCPLIFE_REPORT ATTEMPTS_MODULE FIXTURES BUILT JOURNAL
"""
import errno
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

import journal_socket
from confine_case import FIXTURES, REPORT, SECONDS, Attempts, Case, main, run

if sys.argv[5] == "journal":
    journal_socket.enter()

STATES = FIXTURES / "good-states.tlz"
JOURNALD = next((path for path in map(pathlib.Path, ("/lib/systemd/systemd-journald", "/usr/lib/systemd/systemd-journald"))
                 if path.exists()), None)
ROW = {"time_us": 1777626000000000, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2, "old_state": 1,
       "new_state": 7, "pid": 5, "comm": "x", "v6_socket": False}


def bytes_of(text):
    """The bytes that a string of docs/JSON.md stands for."""
    return re.sub(rb"\\(\\|x..)", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]), text.encode())


def address(row, key):
    """As tcpstates prints it: an IPv4 peer of an IPv6 socket is mapped."""
    if row["v6_socket"] and row["family"] == 4:
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, "::ffff:" + row[key]))
    return row[key]


def printable(text):
    """A name in MESSAGE: escaped as text is, but no backslash doubled."""
    return text.replace("\\\\", "\\")


def entry_of(row):
    """What tools/tcpstates.py -Y (bcc, 2026-05) would send of the row, and our own field."""
    row = {"v6_socket": row["family"] == 6} | row
    family = "IPV6" if row["v6_socket"] else "IPV4"
    message = (f"{printable(row.get('comm', '-'))} {address(row, 'laddr')} {row['lport']} → {address(row, 'raddr')} "
               f"{row['rport']} {row.get('old_state', '-')} → {row.get('new_state', '-')}")
    fields = {
        "MESSAGE": message, "SYSLOG_IDENTIFIER": "tcpstates", "PRIORITY": "5",
        "OBJECT_PID": row.get("pid"),
        f"OBJECT_{family}_SOURCE_ADDRESS": address(row, "laddr"), "OBJECT_TCP_SOURCE_PORT": row["lport"],
        f"OBJECT_{family}_DESTINATION_ADDRESS": address(row, "raddr"), "OBJECT_TCP_DESTINATION_PORT": row["rport"],
        "OBJECT_TCP_OLD_STATE": row.get("old_state"), "OBJECT_TCP_NEW_STATE": row.get("new_state"),
        "OBJECT_TCP_SPAN_TIME": row.get("in_old_us", 0), "TCPLIFE_TIME_US": row["time_us"]}
    fields = {name: str(value).encode() for name, value in fields.items() if value is not None}
    return fields | ({"OBJECT_COMM": bytes_of(row["comm"])} if "comm" in row else {})


def rows(*arguments):
    return [json.loads(line) for line in run("-q", "--states", "--jsonl", *arguments).stdout.decode().splitlines()]


class Journal(Case):
    maxDiff = None

    def check(self, arguments, selection, count):
        """All that is printed without a journal, and an entry for each row."""
        plain = run("--states", *arguments)
        wanted = [entry_of(row) for row in rows(*selection)]
        with journal_socket.Receiver() as journal:
            got = run("--states", "--journal", *arguments)
        self.assertEqual((got.returncode, got.stdout), (0, plain.stdout), got.stderr)
        self.assertEqual(len(wanted), count)
        self.assertEqual(journal.entries, wanted)
        self.assertIn(f"tcplife-report: {len(wanted)} entries written to the journal\n".encode(), got.stderr)

    def test_every_field_of_every_entry(self):
        self.check([STATES], [STATES], 32)
        self.assertIn(b"line\nfeed", [entry_of(row).get("OBJECT_COMM") for row in rows(STATES)])

    def test_whatever_is_printed(self):
        for form in (["-s", "-Tt"], ["-w"], ["--style", "libbpf"], ["--json"], ["--jsonl", "--with-meta"],
                     ["--columns", "lport,comm"], ["--csv", "--columns", "time_us"]):
            with self.subTest(form=form):
                self.check([*form, STATES], [STATES], 32)

    def test_filters_and_order(self):
        selection = ["-L", "443", "--sort", "in_old_us", "--top", "3", STATES]
        self.check(selection, selection, 3)
        self.check(["--columns", "lport", *selection], selection, 3)

    def test_a_capture_besides(self):
        with tempfile.TemporaryDirectory() as folder:
            capture = pathlib.Path(folder, "x.tlz")
            with journal_socket.Receiver() as journal:
                got = run("-q", "--states", "--journal", STATES, "--write", capture)
            self.assertEqual((got.returncode, len(journal.entries)), (0, 32), got.stderr)
            self.assertEqual(rows(capture), rows(STATES))

    def test_live_through_a_pipe(self):
        data = STATES.read_bytes()
        with journal_socket.Receiver() as journal:
            with subprocess.Popen([REPORT, "-q", "--states", "--journal", "-"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL) as report:
                report.stdin.write(data[:-400])
                report.stdin.flush()
                until = time.monotonic() + SECONDS
                while len(journal.entries) < 29 and time.monotonic() < until:
                    time.sleep(0.01)
                before = len(journal.entries)
                report.stdin.write(data[-400:])
                report.stdin.close()
                self.assertEqual(report.wait(SECONDS), 0)
        self.assertGreaterEqual(before, 29)
        self.assertCountEqual(journal.entries, [entry_of(row) for row in rows(STATES)])  # in the order of the file

    def test_a_slow_journal_loses_none(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = pathlib.Path(folder, "many.jsonl")
            lines.write_text("".join(json.dumps(ROW | {"socket": i}) + "\n" for i in range(5000)))
            with journal_socket.Receiver(queue=1) as journal:
                got = run("--states", "--journal", "--input", "jsonl", lines)
        self.assertEqual((got.returncode, len(journal.entries)), (0, 5000), got.stderr)

    def test_no_journal(self):
        got = run("--states", "--journal", STATES)
        self.assertEqual((got.returncode, got.stdout, got.stderr), (1, b"", b"tcplife-report: --journal: no journal takes "
                         b"entries here: /run/systemd/journal/socket: No such file or directory\n"))

    def test_a_journal_that_is_gone(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as gone:
            gone.bind(str(journal_socket.SOCKET))
        self.addCleanup(journal_socket.SOCKET.unlink)
        got = run("--states", "--journal", STATES)
        self.assertEqual((got.returncode, got.stderr), (1, b"tcplife-report: --journal: after 0 entries: "
                         b"/run/systemd/journal/socket: Connection refused\n"))

    def test_misuse(self):
        for words, said in (
                (["--journal"], b"--journal goes with --states alone"),
                (["--flows", "--journal"], b"--journal goes with --states alone"),
                (["--states", "--sessions", "--jsonl", "--journal"], b"--journal goes with --states alone"),
                (["--states", "--journal", "--list-columns"], b"--list-columns and --journal exclude each other")):
            with self.subTest(words=words):
                got = run(*words, STATES)
                self.assertEqual((got.returncode, got.stdout), (2, b""))
                self.assertIn(said, got.stderr)

    def test_it_is_confined_all_the_same(self):
        self.need(landlock=1, seccomp=True)
        with journal_socket.Receiver() as journal:
            attempts = Attempts("-q", "--states", "--journal", STATES)
        self.assertEqual((attempts.run.returncode, attempts.run.stderr), (0, b""))
        self.assertEqual(len(journal.entries), 32)
        self.assertEqual(attempts.denied, {})
        after = dict(attempts.after)
        self.assertEqual([after.pop("NoNewPrivs"), after.pop("Seccomp")], [1, 2])
        self.assertEqual([name for name, error in after.items() if error == 0], [])
        # Sockets of this machine's own kind alone, and no connections.
        self.assertEqual({after["make_socket"], after["connect_tcp"], after["connect_abstract"]}, {errno.ENOSYS})

    def test_seccomp_alone(self):
        self.need(seccomp=True)
        with journal_socket.Receiver() as journal:
            attempts = Attempts("-q", "--states", "--journal", STATES,
                                play={"ATTEMPTS_LANDLOCK": str(-errno.ENOSYS)})
        self.assertEqual((attempts.run.returncode, len(journal.entries)), (0, 32))


class RealJournal(Case):
    """The one that is installed, run here: it has this /run, and so is nobody's but ours."""

    def setUp(self):
        if not JOURNALD:
            self.skipTest("systemd-journald is not installed")
        folder = pathlib.Path("/run/systemd/journald.conf.d")
        folder.mkdir(exist_ok=True)
        pathlib.Path("/run/log/journal").mkdir(parents=True, exist_ok=True)
        (folder / "test.conf").write_text("[Journal]\nStorage=volatile\nAudit=\nReadKMsg=no\nRateLimitBurst=0\n")
        self.journald = subprocess.Popen([JOURNALD], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.PIPE)
        self.addCleanup(self.stop)
        until = time.monotonic() + SECONDS
        while not journal_socket.SOCKET.exists() and self.journald.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if self.journald.poll() is not None:
            self.skipTest(f"systemd-journald does not run here: {self.journald.stderr.read().decode().strip()[:200]}")

    def stop(self):
        self.journald.terminate()
        self.journald.wait(SECONDS)
        self.journald.stderr.close()
        journal_socket.SOCKET.unlink(missing_ok=True)

    def entries(self, count):
        """Those of tcpstates, as soon as there are so many; each as the journal tells it."""
        until = time.monotonic() + SECONDS
        while True:
            told = subprocess.run(["journalctl", "--directory=/run/log/journal", "--output=json", "--identifier=tcpstates"],
                                  check=False, capture_output=True, timeout=SECONDS)
            entries = [json.loads(line) for line in told.stdout.decode().splitlines()]
            if len(entries) >= count or time.monotonic() > until:
                return entries
            time.sleep(0.05)

    def test_entries_of_a_real_journal(self):
        wanted = [entry_of(row) for row in rows(STATES)]
        got = run("-q", "--states", "--journal", STATES)
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        entries = self.entries(len(wanted))
        self.assertEqual(len(entries), len(wanted))
        for entry, fields in zip(entries, wanted):
            self.assertEqual({name: self.value(entry.get(name), value) for name, value in fields.items()}, fields)

    @staticmethod
    def value(told, wanted):
        """A field's bytes. It is a list of numbers where they are no text; a list of values where the journal itself has
        added one, since a process of today has that id."""
        if isinstance(told, list) and told and not isinstance(told[0], int):
            told = next((one for one in told if RealJournal.value(one, wanted) == wanted), None)
        return bytes(told) if isinstance(told, list) else str(told).encode()


class WithoutLibrary(Case):
    def test_the_option_says_what_is_missing(self):
        got = run("--states", "--journal", STATES)
        self.assertEqual((got.returncode, got.stdout), (2, b""))
        self.assertIn(b"--journal: this program was built without libsystemd: install its development files and build "
                      b"again with -Djournal=enabled. Try", got.stderr)


if __name__ == "__main__":
    if sys.argv[5] == "journal":
        main(Journal, RealJournal)
    else:
        main(WithoutLibrary)
