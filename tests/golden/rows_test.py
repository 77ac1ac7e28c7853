#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--rows writes what --jsonl does: RowBinary, decoded by the table that --schema prints, and CSV for DuckDB; and each row
says who recorded it.

usage: rows_test.py TCPLIFE_REPORT FIXTURES
"""
import csv
import io
import ipaddress
import json
import os
import pty
import re
import subprocess
import sys

from row_binary import columns_of, rows_of
from summed import REPORT, check, check_all, report

IDENTITY = ("host", "boot_id", "capture_id")
SCHEMA = columns_of(report("--schema", "clickhouse"))
FIELDS = [name for name, _ in SCHEMA[len(IDENTITY):]]


def raw(*arguments):
    return subprocess.run([REPORT, "-q", *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout


def unescaped(text):
    """The bytes of a string of JSON (docs/JSON.md)."""
    return re.sub(rb"\\(\\|x..)", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]), text.encode())


def rows_with_identity(captures):
    """Rows of JSON, each with its recording's; ms as microseconds."""
    sources, source = {}, None
    for line in report("--jsonl", "--with-meta", *captures).splitlines():
        row = json.loads(line, parse_float=lambda text: int(text.replace(".", "")))
        if row.get("type") in ("capture", "source"):
            source = row["source"]
            if row["type"] == "capture":
                sources[source] = {name: row.get(name, "") for name in IDENTITY}
        elif "type" not in row:
            yield sources[source] | row


def packed(address):
    ip = ipaddress.ip_address(address)
    return ip.packed if ip.version == 6 else b"\0" * 10 + b"\xff\xff" + ip.packed


def as_binary(row):
    kinds = dict(SCHEMA)
    for name, value in row.items():
        if name == "capture_id":
            yield name, bytes.fromhex(value)
        elif name == "ms":
            yield name, value / 1000
        elif name in ("laddr", "raddr"):
            yield name, packed(value)
        elif "String" in kinds[name]:
            yield name, unescaped(value) if isinstance(value, str) else str(value).encode()
        else:
            yield name, int(value)


def as_csv(row):
    """What a person is shown of a name: a backslash is one."""
    for name, value in row.items():
        if name == "ms":
            yield name, f"{value // 1000}.{value % 1000:03}"
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        else:
            yield name, value.replace("\\\\", "\\") if isinstance(value, str) else str(value)


def check_rows(name, captures, rows):
    wrong = []
    stored = list(rows_with_identity(captures))
    binary = raw("--rows", "clickhouse", *captures)
    decoded = [row for _, row in rows_of(binary, SCHEMA)]
    wanted = [dict(as_binary(row)) for row in stored]
    if decoded != wanted:
        differing = [(a, b) for a, b in zip(decoded, wanted) if a != b]
        wrong.append(f"RowBinary: {len(decoded)} rows of {len(wanted)}; " + str([
            (key, a.get(key), b.get(key)) for a, b in differing[:1] for key in a.keys() | b.keys() if a.get(key) != b.get(key)]))
    text = raw("--rows", "duckdb", *captures).decode()
    of_csv = list(csv.DictReader(io.StringIO(text, newline="")))
    if [{k: v for k, v in row.items() if v != ""} for row in of_csv] != [
            {k: v for k, v in as_csv(row) if v != ""} for row in stored]:
        wrong.append("CSV")
    if text.splitlines()[0].split(",") != [*IDENTITY, *FIELDS]:
        wrong.append("the header of CSV")
    top = raw("--rows", "clickhouse", "--sort", "close_us:asc", "--top", "3", *captures)
    if not {row for row, _ in rows_of(top, SCHEMA)} <= {row for row, _ in rows_of(binary, SCHEMA)}:
        wrong.append("the first three")
    return check(name, wrong, len(rows), "rows")


def check_schemas():
    """Every field in each, in the order of --list-columns; what is always there cannot be absent."""
    wrong = []
    names = [column["name"] for column in json.loads(report("--list-columns", "--json"))["columns"]]
    required = json.loads(report("--schema"))["$defs"]["whole_session"]["required"]
    for form in ("clickhouse", "clickhouse=modern", "duckdb"):
        columns = columns_of(report(f"--schema={form}"))
        if [name for name, _ in columns] != [*IDENTITY, *names]:
            wrong.append(f"the columns of {form}")
        always = [name for name, kind in columns if ("NOT NULL" in kind if form == "duckdb" else "Nullable" not in kind)]
        if set(always) != {*IDENTITY, *required}:
            wrong.append(f"what {form} has always: {always}")
        if report("--schema", form) != report(f"--schema={form}"):
            wrong.append(f"{form} as a word of its own")
    return check("schemas", wrong, 3, "tables")


def check_terminal():
    """Bytes are not for a terminal."""
    main, side = pty.openpty()
    run = subprocess.run([REPORT, "--rows", "clickhouse", sys.argv[2] + "/sample.tlz"], stdout=side, stderr=subprocess.PIPE,
                         check=False)
    os.close(side)
    os.close(main)
    wrong = [] if run.returncode == 1 and b"is a terminal" in run.stderr else [f"{run.returncode}, {run.stderr}"]
    return check("terminal", wrong, 1, "refusal")


if __name__ == "__main__":
    sys.exit(check_all(check_rows) or not check_schemas() or not check_terminal())
