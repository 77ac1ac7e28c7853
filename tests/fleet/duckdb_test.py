#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The same rows in DuckDB, by the CSV that --rows writes for it: its answers are the reporter's.

usage: duckdb_test.py TCPLIFE_REPORT FIXTURES FOLDER

DuckDB is a package of npm, which is fetched into FOLDER, once.
"""

import csv
import io
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "golden"))
from summed import FAILED, FIXTURES, REPORT, check, make_lines, report  # noqa: E402

PACKAGE = "@duckdb/node-api"
REASONS = ", ".join(f"'{reason}'" for reason in FAILED)
# Statements by lines on standard input; of each that begins with SELECT the rows as a line of JSON.
SCRIPT = """
const { DuckDBInstance } = require(process.argv[1] + '/node_modules/@duckdb/node-api');
const statements = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(async () => {
    const db = await DuckDBInstance.create(':memory:');
    const connection = await db.connect();
    for (const statement of statements) {
        const reader = await connection.runAndReadAll(statement);
        if (statement.startsWith('SELECT'))
            console.log(JSON.stringify(reader.getRowObjectsJson()));
    }
})().catch(error => { console.error(String(error)); process.exit(1); });
"""


def fetch(folder):
    """Why it cannot be had, or None."""
    if not shutil.which("npm") or not shutil.which("node"):
        return "no npm"
    if (folder / "node_modules" / PACKAGE).exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, PACKAGE],
                         capture_output=True, text=True, check=False, timeout=240)
    return f"npm cannot install {PACKAGE}: {run.stderr.strip()[:200]}" if run.returncode else None


def ask(folder, statements):
    run = subprocess.run(["node", "-e", SCRIPT, folder], input=json.dumps(statements), capture_output=True, text=True,
                         check=False, timeout=240)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


def lines(*arguments):
    return [json.loads(line) for line in report("-q", "--jsonl", *arguments).splitlines()]


def comparable(rows):
    """Without what is NULL; 64-bit integers, which come as strings, as numbers; names as text has them."""
    def value(name, v):
        if name in ("ms_min", "ms_max"):
            return float(v)
        if isinstance(v, str) and v.isdigit():
            return int(v)
        return v.replace("\\\\", "\\") if isinstance(v, str) else v
    return sorted(json.dumps({k: value(k, v) for k, v in row.items() if v is not None}, sort_keys=True) for row in rows)


def of_rows(rows):
    """What is there, as text; but ms, of which there are more forms than one."""
    words = {True: "true", False: "false"}
    return sorted(json.dumps({k: words.get(v, str(v)) if isinstance(v, bool) else str(v) for k, v in row.items()
                              if k != "ms" and v not in (None, "")}, sort_keys=True) for row in rows)


def main():
    node = pathlib.Path(sys.argv[3]).resolve()
    reason = fetch(node)
    if reason:
        print(f"SKIP duckdb: {reason}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        capture, rows = pathlib.Path(folder, "random.tlz"), pathlib.Path(folder, "sessions.csv")
        subprocess.run([REPORT, "-q", "--input", "jsonl", "-", "--write", capture], check=True,
                       input="\n".join(make_lines(random.Random(7))).encode())
        captures = (FIXTURES / "sample.tlz", FIXTURES / "good-hostile.tlz", capture)
        text = report("-q", "--rows", "duckdb", *captures)
        rows.write_text(text)
        figures = ("comm", "service", "sessions", "failed", "tx_bytes_max", "ms_min", "ms_max", "ms_count")
        got = ask(node, [
            report("--schema", "duckdb").rstrip().rstrip(";"), f"COPY sessions FROM '{rows}' (HEADER, ALLOW_QUOTED_NULLS false)",
            "SELECT * FROM sessions",
            f'SELECT "end", count(*) AS sessions FROM sessions WHERE "end" IN ({REASONS}) GROUP BY ALL',
            f"SELECT comm, service, count(*) AS sessions, count(*) FILTER (\"end\" IN ({REASONS})) AS failed, "
            "max(tx_bytes) AS tx_bytes_max, min(ms) AS ms_min, max(ms) AS ms_max, count(ms) AS ms_count "
            "FROM sessions GROUP BY ALL",
        ])
        same = of_rows(got[0]) == of_rows(csv.DictReader(io.StringIO(text, newline="")))
        good = [check("rows", [] if same else ["they are not those of the CSV"], len(got[0]), "rows")]
        for name, answer, wanted in (
                ("failures by reason", got[1], [r for r in lines("--histogram", "end", "--columns", "end,sessions", *captures)
                                                if r.get("end") in FAILED]),
                ("flows", got[2], lines("--flows=comm,service", "--columns", ",".join(figures), *captures))):
            same = comparable(answer) == comparable(wanted)
            good.append(check(name, [] if same else [f"{sorted(set(comparable(answer)) ^ set(comparable(wanted)))[:4]}"],
                              len(answer), "answers"))
    return 0 if all(good) else 1


sys.exit(main())
