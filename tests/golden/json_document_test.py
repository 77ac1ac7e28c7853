#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds the tables of docs/JSON.md equal to tcplife-report --list-columns; --update makes them so.

usage: json_document_test.py [--update] TCPLIFE_REPORT
"""
import json
import pathlib
import re
import subprocess
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "JSON.md"
TABLE = re.compile(r"(<!-- table: ([\w=]+(?: \w+)?) -->\n).*?(<!-- end -->)", re.S)


def is_figure(column):
    """FIELD_count and its like of flows, which are not listed one by one: "srtt_us: the least"."""
    field, colon, _ = column["help"].partition(": ")
    return bool(colon) and column["name"].startswith(field + "_")


def table(report, view):
    run = subprocess.run([report, "--list-columns", *f"--{view}".split(), "--json"], check=True, capture_output=True)
    rows = "".join(f"| `{c['name']}` | {c['type']} | {c.get('unit', '')} | {c['help']} |\n"
                   for c in json.loads(run.stdout)["columns"] if not is_figure(c))
    return "| name | type | unit | |\n|---|---|---|---|\n" + rows


def main():
    update = sys.argv[1] == "--update"
    text = DOCUMENT.read_text()
    good = len(TABLE.findall(text)) == 8

    def fresh(match):
        nonlocal good
        new = match[1] + table(sys.argv[-1], match[2]) + match[3]
        if not update:
            print(f"PASS JSON.md table {match[2]}" if new == match[0] else
                  f"FAIL JSON.md table {match[2]}: run tests/golden/json_document_test.py --update")
        good &= update or new == match[0]
        return new

    updated = TABLE.sub(fresh, text)
    if update:
        DOCUMENT.write_text(updated)
    return 0 if good else 1


sys.exit(main())
