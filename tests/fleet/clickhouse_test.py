#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Three hosts' captures in a real clickhouse-server, whose answers are the reporter's; loaded twice, and after a load that
was cut.

usage: clickhouse_test.py TCPLIFE_REPORT FIXTURES FOLDER

The server is fetched into FOLDER, once.
"""

import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "golden"))
from row_binary import columns_of, rows_of  # noqa: E402
from summed import FAILED, FIXTURES, REPORT, SEED, check, make_lines, report  # noqa: E402

from clickhouse_server import Missing, Server, fetch  # noqa: E402

HOSTS = ("web1", "web2", "db1")
TABLE = report("--schema", "clickhouse")
COLUMNS = columns_of(TABLE)
NAMES = ", ".join(f'"{name}"' for name, _ in COLUMNS)
INSERT = "INSERT INTO sessions FORMAT RowBinary"
BLOCK = 500  # rows that the server keeps at once of a load that is to be cut


def binary(*captures):
    return subprocess.run([REPORT, "-q", "--rows", "clickhouse", *map(str, captures)], check=True,
                          stdout=subprocess.PIPE).stdout


def lines(*arguments):
    """Rows of JSON lines; milliseconds as they are printed."""
    return [json.loads(line) for line in report("-q", "--jsonl", *arguments).splitlines()]


def in_hex(rows):
    """Names as the bytes that they are (docs/JSON.md), as hex() has them."""
    for row in rows:
        for name in row.keys() & {"host", "comm"}:
            row[name] = re.sub(rb"\\(\\|x..)", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]),
                               row[name].encode()).hex().upper()
    return rows


def row_bytes(data):
    return collections.Counter(row for row, _ in rows_of(data, COLUMNS))


def make_captures(folder):
    """One of each host; and the sample, whose names are real ones."""
    rng = random.Random(SEED)
    for number, host in enumerate(HOSTS):
        head = json.dumps({"type": "capture", "source": 1, "capture_id": f"{number + 1:032x}", "host": host,
                           "boot_id": f"boot of {host}"})
        subprocess.run([REPORT, "-q", "--input", "jsonl", "-", "--write", folder / f"{host}.tlz"], check=True,
                       input="\n".join([head, *make_lines(rng)]).encode())
    return [folder / f"{host}.tlz" for host in HOSTS] + [FIXTURES / "sample.tlz", FIXTURES / "good-hostile.tlz"]


class Case:
    """What is asked of a table of all captures."""

    def __init__(self, server, captures):
        self.server, self.captures = server, captures

    def has_all(self):
        """Every row once and as it was written."""
        stored = self.server.ask(f"SELECT {NAMES} FROM sessions FINAL FORMAT RowBinary")
        return row_bytes(stored) == row_bytes(binary(*self.captures))

    def count(self):
        return int(self.server.ask("SELECT count() FROM sessions"))

    def differing(self, what, query, wanted):
        """A name for what the server answers otherwise than the reporter does, in whatever order."""
        def key(row):
            return json.dumps(row, sort_keys=True)
        got = [{name: value for name, value in row.items() if value is not None} for row in self.server.rows(query)]
        if sorted(got, key=key) == sorted(wanted, key=key):
            return []
        other = [row for row in got if row not in wanted][:1], [row for row in wanted if row not in got][:1]
        return [f"{what}: {len(got)} rows, {len(wanted)} of the reporter; {other}"]


def try_table(server):
    """The server has the columns that --schema has, of these types and in this order."""
    got = [(row["name"], row["type"]) for row in server.rows("DESCRIBE TABLE sessions")]
    wrong = [] if got == [*COLUMNS, ("closed", "DateTime('UTC')")] else [str(got)]
    return check("the table", wrong, len(got), "columns")


def try_load(case):
    """All of it; then again; then merged."""
    wrong = []
    case.server.ask("SYSTEM STOP MERGES")
    for capture in case.captures:
        case.server.ask(INSERT, binary(capture))
    first = case.count()
    if not case.has_all():
        wrong.append("a load is not what was written")
    for capture in reversed(case.captures):
        case.server.ask(INSERT, binary(capture))
    if not case.has_all():
        wrong.append("a second load")
    if case.count() != 2 * first:
        wrong.append(f"{case.count()} rows before a merge, of two loads of {first}")
    case.server.ask("SYSTEM START MERGES")
    case.server.ask("OPTIMIZE TABLE sessions FINAL")
    if not case.has_all() or case.count() != first:
        wrong.append(f"after a merge {case.count()} rows")
    return check("loaded twice", wrong, first, "rows, once")


def try_cut(case):
    """A load that is cut within a row, of which the server has kept a part, and then made again."""
    case.server.ask("TRUNCATE TABLE sessions")
    case.server.ask("SYSTEM STOP MERGES")
    wrong, kept = [], []
    for capture in case.captures[:len(HOSTS)]:
        body = binary(capture)
        before = case.count()
        case.server.send_part(INSERT, body, len(body) * 2 // 3, max_insert_block_size=BLOCK, min_insert_block_size_rows=0,
                              min_insert_block_size_bytes=0)
        kept.append(case.count() - before)
    if not all(0 < rows < len(lines(capture)) for rows, capture in zip(kept, case.captures)):
        wrong.append(f"{kept} rows of loads that were cut")
    for capture in case.captures:
        case.server.ask(INSERT, binary(capture))
    if not case.has_all():
        wrong.append("duplicates or gaps")
    return check("cut, and loaded again", wrong, sum(kept), "rows twice")


def try_questions(case):
    """Those of the reporter's own tests; the table has rows twice."""
    wrong = []
    hosts = [{"host": r["host"], "sessions": r["sessions"], "first_us": r["first_us"], "last_us": r["last_us"]}
             for r in lines("--info", *case.captures)]
    wrong += case.differing("hosts", "SELECT hex(host) AS host, count() AS sessions, min(close_us) AS first_us, max(close_us) AS last_us "
                            "FROM sessions FINAL GROUP BY host", in_hex(hosts))
    reasons = ", ".join(f"'{reason}'" for reason in FAILED)
    ends = [{"end": r["end"], "sessions": r["sessions"]} for r in lines("--histogram", "end", *case.captures)
            if r.get("end") in FAILED]
    wrong += case.differing("failures by reason", f"SELECT end, count() AS sessions FROM sessions FINAL WHERE end IN ({reasons}) "
                            "GROUP BY end", ends)
    figures = ("comm", "service", "sessions", "failed", "tx_bytes_max", "rx_bytes_sum", "ms_min", "ms_max", "ms_count")
    flows = lines("--flows=comm,service", "--columns", ",".join(figures), *case.captures[:len(HOSTS)])
    of_hosts = "host IN ('" + "', '".join(HOSTS) + "')"
    wrong += case.differing(
        "flows", f"SELECT hex(comm) AS comm, service, count() AS sessions, sum(end IN ({reasons})) AS failed, max(tx_bytes) AS tx_bytes_max, "
        "sum(rx_bytes) AS rx_bytes_sum, min(ms) AS ms_min, max(ms) AS ms_max, count(ms) AS ms_count "
        f"FROM sessions FINAL WHERE {of_hosts} GROUP BY comm, service", in_hex(flows))
    # Of 32 values and fewer a quantile is exact, and a nearest rank.
    quantiles = [r for r in lines("--flows=comm,raddr", "--columns", "comm,raddr,ms_count,ms_p50,ms_p99", *case.captures)
                 if 0 < r["ms_count"] <= 32]
    def rank(part):
        return f"arrayElement(arraySort(groupArray(ms)), toUInt32(intDiv(count(ms) * {part} + 99, 100)))"
    wrong += case.differing(
        "quantiles", "SELECT hex(comm) AS comm, if(substring(raddr, 1, 12) = unhex('00000000000000000000ffff'), "
        "substring(IPv6NumToString(raddr), 8), IPv6NumToString(raddr)) AS raddr, count(ms) AS ms_count, "
        f"{rank(50)} AS ms_p50, {rank(99)} AS ms_p99 FROM sessions FINAL GROUP BY comm, raddr HAVING ms_count BETWEEN 1 AND 32",
        in_hex(quantiles))
    return check("questions", wrong, 4, "with the reporter's answers")


def main():
    try:
        root = fetch(sys.argv[3])
        server = Server(root)
        server.__enter__()
    except Missing as reason:
        print(f"SKIP clickhouse: {reason}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        try:
            server.ask(TABLE.rstrip().rstrip(";"))
            case = Case(server, make_captures(pathlib.Path(folder)))
            good = [try_table(server), try_load(case), try_cut(case), try_questions(case)]
        finally:
            server.__exit__()
    return 0 if all(good) else 1


sys.exit(main())
