#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--flows beside an aggregator written from tcplife-report(1), over the sessions that the reporter prints as JSON lines.

usage: flows_test.py TCPLIFE_REPORT FIXTURES [SEED [QUERIES]]

Every figure is compared exactly, but quantiles of more than 32 values, which may be off by 1/128.
"""
import fractions
import ipaddress
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

REPORT, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 20261126
QUERIES = int(sys.argv[4]) if len(sys.argv) > 4 else 150
EXACT, ERROR = 32, 128
GREATEST = 2**64 - 1
FAILED = {"reset-here", "reset-there", "refused", "timed-out", "unreachable", "gave-up", "unaccepted"}
CONVERSATION = ["comm", "laddr", "raddr", "service", "direction"]
TOTALS = {"tx_bytes": ("tx_bytes", "sum"), "rx_bytes": ("rx_bytes", "sum"), "first_us": ("open_us", "min"),
          "last_us": ("close_us", "max")}
SHOWN = ["sessions", "failed", "tx_bytes", "rx_bytes", "ms_min", "ms_mean", "ms_max", "first_us", "last_us"]
UNITS = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}


def report(*args, stdin=b""):
    run = subprocess.run([REPORT, "-q", *args], input=stdin, capture_output=True, check=False)
    assert run.returncode == 0, (args, run.returncode, run.stderr)
    return run.stdout


def lines_of(data):
    """Decimals stay exact."""
    return [json.loads(line, parse_float=fractions.Fraction) for line in data.splitlines()]


# The aggregator

def columns_of_sessions():
    return {c["name"]: c for c in json.loads(report("--list-columns", "--json"))["columns"]}


def is_time(column):
    return "since" in column.get("unit", "")


def is_counted(column):
    """Numbers and not names of something: what has a unit, or is described as a count."""
    counts = {"family", "error", "segs_out", "segs_in", "retrans_segs", "cwnd"}
    return bool(column.get("unit")) or column["name"] in counts


def micro(column, value):
    """ms as microseconds, so that all is whole."""
    return int(value * 1000) if column == "ms" else value


def key_value(key, row):
    name, *parts = key.split("/")
    if name not in row:
        return None
    value = row[name]
    if not parts:
        return value
    if name in ("laddr", "raddr"):
        address = ipaddress.ip_address(value)
        bits = int(parts[0]) if address.version == 4 else int(parts[1]) if len(parts) > 1 else 64
        return str(ipaddress.ip_network((address, bits), strict=False))
    step = re.fullmatch(r"(\d+)(us|ms|s|m|h|d)", parts[0])
    step = int(step[1]) * UNITS[step[2]]
    start = micro(name, value) // step * step
    return fractions.Fraction(start, 1000) if name == "ms" else start


def mean(column, values):
    scale = 1000 if COLUMNS[column].get("unit", "") == "" else 1
    return fractions.Fraction((2 * sum(values) * scale + len(values)) // (2 * len(values)), scale)


def rounded_share(part, whole):
    return None if whole == 0 else fractions.Fraction((2 * part * 10**6 + whole) // (2 * whole), 10**6)


def of_field(column, figure, rows):
    values = sorted(micro(column, row[column]) for row in rows if column in row)
    if figure == "count":
        return len(values)
    if not values:
        return None
    if figure.startswith("p"):
        rank = -(-len(values) * fractions.Fraction(figure[1:]) // 100)
        return values[max(int(rank), 1) - 1], len(values) > EXACT
    value = {"sum": lambda: min(sum(values), GREATEST), "min": lambda: values[0], "max": lambda: values[-1],
             "mean": lambda: mean(column, values)}[figure]()
    return value


def figure_of(column, rows):
    """(value or None, whether it may be off)."""
    if column == "sessions":
        return len(rows), False
    failed = sum(row.get("end") in FAILED for row in rows)
    if column == "failed":
        return failed, False
    if column == "failed_share":
        return rounded_share(failed, len(rows)), False
    if column == "retrans_share":
        both = [row for row in rows if "sent_bytes" in row and "retrans_bytes" in row
                and row["retrans_bytes"] <= row["sent_bytes"]]
        return rounded_share(sum(r["retrans_bytes"] for r in both), sum(r["sent_bytes"] for r in both)), False
    field, figure = TOTALS.get(column) or column.rsplit("_", 1)
    value = of_field(field, figure, rows)
    value, near = value if isinstance(value, tuple) else (value, False)
    if field == "ms" and figure != "count" and value is not None:
        value = fractions.Fraction(value, 1000)
    return value, near


def aggregate(rows, keys):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(key_value(key, row) for key in keys), []).append(row)
    return groups


def check_value(what, found, wanted, near):
    good = found == wanted or near and found is not None and abs(found - wanted) * ERROR <= wanted
    if not good:
        raise AssertionError(f"{what}: {found}, not {wanted}")


def check_order(found, keys, columns):
    """Most sessions first, then most bytes, where they are shown."""
    by_bytes = "tx_bytes" in columns and "rx_bytes" in columns and not {"tx_bytes", "rx_bytes"} & set(keys)
    ranks = [(-row["sessions"], -min(GREATEST, row.get("tx_bytes", 0) + row.get("rx_bytes", 0)) if by_bytes else 0)
             for row in found]
    assert ranks == sorted(ranks), ranks


def check_query(rows, keys, columns, captures, selection=()):
    groups = aggregate(rows, keys)
    shown = [*keys, *columns]
    option = "--flows" if keys == CONVERSATION else f"--flows={','.join(keys)}"
    asked = [] if columns == SHOWN else ["--columns", ",".join(shown)]
    found = lines_of(report(option, *asked, *selection, "--jsonl", *captures))
    assert len(found) == len(groups), (option, len(found), len(groups))
    for row in found:
        group = groups[tuple(row.get(key) for key in keys)]
        for column in columns:
            if column not in keys:
                check_value(f"{option} {column}", row.get(column), *figure_of(column, group))
        assert list(row) == [name for name in shown if name in row], (row, shown)
    if "sessions" in columns:
        check_order(found, keys, columns)


# Queries

def random_key(rng):
    key = rng.choice(list(COLUMNS))
    if key in ("laddr", "raddr"):
        return key + rng.choice(["", "/0", "/8", "/24", "/24/48", "/32/128", "/16/0"])
    if is_time(COLUMNS[key]):
        return key + rng.choice(["", "/1s", "/1m", "/250ms"])
    if key == "ms":
        return key + rng.choice(["", "/1ms", "/100ms"])
    return key


def random_column(rng):
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(["failed", "failed_share", "retrans_share", "tx_bytes", "rx_bytes", "first_us", "last_us"])
    if kind == 4:
        return f"{rng.choice(list(COLUMNS))}_count"
    field = rng.choice([c for c in COLUMNS.values() if is_counted(c)])
    if kind == 1 or is_time(field):
        return f"{field['name']}_{rng.choice(['count', 'min', 'max', 'p50'])}"
    return f"{field['name']}_{rng.choice(['sum', 'mean', 'p0', 'p12.5', 'p50', 'p90', 'p99', 'p99.9', 'p100'])}"


def unique(items):
    return list(dict.fromkeys(items))


def make_sessions(rng, count):
    """JSON lines of one block and more, with few values of some fields and many of others."""
    for i in range(count):
        close_us = 1777626000000000 + i * 1000 + rng.randrange(10**6)
        row = {"close_us": close_us, "laddr": rng.choice(["10.0.0.1", "2001:db8::1"]), "lport": 443,
               "raddr": rng.choice([f"192.0.{rng.randrange(4)}.{rng.randrange(4)}", f"2001:db8:{rng.randrange(3)}::5"]),
               "rport": 40000 + rng.randrange(3)}
        some = {"direction": rng.choice(["in", "out"]), "service": 443, "open_us": close_us - rng.randrange(10**7),
                "closer_pid": rng.randrange(1, 4), "closer_comm": rng.choice(["nginx", "a b", "x,y"]),
                "end": rng.choice(["closed-here", "refused", "timed-out", "reset-there"]), "uid": rng.randrange(3),
                "tx_bytes": int(rng.lognormvariate(9, 3)), "rx_bytes": int(rng.lognormvariate(9, 3)),
                "sent_bytes": 1000 + rng.randrange(9000), "retrans_bytes": rng.randrange(1200),
                "srtt_us": int(rng.lognormvariate(7, 2)), "segs_out": rng.randrange(200), "cwnd": rng.randrange(1, 60)}
        row.update((name, value) for name, value in some.items() if rng.random() < 0.9)
        yield json.dumps(row)


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/made.tlz"
        report("--input", "jsonl", "-", "--write", made, stdin="\n".join(make_sessions(rng, 20000)).encode())
        names = ["sample", "good-hostile", "good-two-hosts", "good-addresses", "good-bare", "good-figures",
                 "good-enumerations", "good-losses", "good-empty"]
        captures = [[str(FIXTURES / f"{name}.tlz")] for name in names]
        captures += [[made], [captures[0][0], captures[2][0]]]
        sessions = {tuple(files): lines_of(report("--jsonl", *files)) for files in captures}
        for files in captures:
            check_query(sessions[tuple(files)], CONVERSATION, SHOWN, files)
            check_query(sessions[tuple(files)], ["comm", "raddr/24", "service"], SHOWN, files)
        for _ in range(QUERIES):
            files = rng.choice(captures)
            keys = unique(random_key(rng) for _ in range(rng.randrange(1, 5)))
            columns = unique(["sessions", *(random_column(rng) for _ in range(rng.randrange(5)))])
            check_query(sessions[tuple(files)], keys, [c for c in columns if c not in keys], files)
        chosen = [row for row in sessions[(made,)] if row.get("uid") == 1 and row.get("tx_bytes", 0) > 1000]
        check_query(chosen, ["raddr/28/32", "end"], ["sessions", "tx_bytes_p90", "cwnd_mean"], [made],
                    ["--filter", "uid == 1 and tx_bytes > 1000"])
    print(f"PASS {QUERIES} queries and {2 * len(captures) + 1} more, seed {SEED}")


COLUMNS = columns_of_sessions()
main()
