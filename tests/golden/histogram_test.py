#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Histograms, computed a second time from the JSON lines of the same captures.

usage: histogram_test.py TCPLIFE_REPORT FIXTURES
"""
import collections
import json
import sys

from summed import DAY, SECOND, check, check_all, csv_is_json, report, share

VALUES = ("comm", "end", "raddr", "laddr", "service", "lport", "owner", "direction", "family", "error", "uid", "mptcp",
          "fin_received", "cookie", "congestion")
NUMBERS = ("segs_out", "segs_in", "retrans_segs", "cwnd")
SIZES = ("tx_bytes", "rx_bytes", "mss", "tx_payload_bytes")
DURATIONS = ("min_rtt_us", "srtt_us", "in_established_us", "fin_wait1_us")
TIMES = ("close_us", "open_us")


def edges(units):
    """1, 2, 5 of each decade of each unit, up to half of the next one."""
    found = [0]
    for unit, next_unit in zip(units, units[1:] + [2**64]):
        limit = next_unit // 2 if next_unit < 2**64 else 2**63
        decade = unit
        while decade <= limit:
            found += [factor * decade for factor in (1, 2, 5) if factor * decade <= limit]
            decade *= 10
    return found


SCALES = {
    "numbers": [0] + sorted(factor * 10**n for n in range(20) for factor in (1, 2, 5) if factor * 10**n < 2**64),
    "sizes": [0] + [2**n for n in range(64)],
    "durations": edges([1, 1000, SECOND, 60 * SECOND, 3600 * SECOND, DAY]),
}


def with_shares(counts, absent):
    """(from, to, count)s as rows of a histogram."""
    whole, so_far = sum(count for _, _, count in counts), 0
    for first, last, count in counts:
        so_far += count
        yield first, last, count, share(count, whole), share(so_far, whole)
    if absent:
        yield None, None, absent, None, None


def on_scale(values, scale):
    steps = list(zip(scale, scale[1:] + [None]))
    counts = [(first, last, sum(1 for v in values if first <= v and (last is None or v < last))) for first, last in steps]
    while counts and counts[0][2] == 0:
        counts.pop(0)
    while counts and counts[-1][2] == 0:
        counts.pop()
    return counts


def of_times(values):
    """In UTC: the least step of which there are not more than 40 between the first and the last."""
    if not values:
        return []
    step = next(e for e in SCALES["durations"][1:] if (max(values) - min(values)) // e < 40)
    shift = 3 * DAY  # Mondays
    count = collections.Counter((v + shift) // step for v in values)
    return [(n * step - shift, (n + 1) * step - shift, count[n]) for n in range(min(count), max(count) + 1)]


def wanted_histogram(rows, field):
    values = [row[field] for row in rows if field in row]
    absent = len(rows) - len(values)
    if field in VALUES:
        counts = collections.Counter(values)
        return collections.Counter((value, None, count, share(count, len(values))) for value, count in counts.items()), absent
    if field in TIMES:
        return list(with_shares(of_times(values), absent)), absent
    kind = "sizes" if field in SIZES else "numbers" if field in NUMBERS else "durations"
    return list(with_shares(on_scale(values, SCALES[kind]), absent)), absent


def got_histogram(text, field):
    unit = "ms" if field == "ms" else "us" if field.endswith("_us") else "bytes" if field in SIZES else ""
    names = [field, None] if field in VALUES else [edge + ("_" + unit if unit else "") for edge in ("from", "to")]
    rows = json.loads(text, parse_float=lambda t: int(t.replace(".", "")) if "." in t and len(t.split(".")[1]) == 3
                      else float(t))["histogram"]
    known = {*names, "sessions", "share", "cumulative"}
    assert all(set(row) <= known for row in rows), rows
    return [(row.get(names[0]), row.get(names[1]), row["sessions"], row.get("share"), row.get("cumulative"))
            for row in rows]


def same_histogram(captures, rows, field):
    text = report("--histogram", field, "--json", *captures)
    got = got_histogram(text, field)
    wanted, absent = wanted_histogram(rows, field)
    if field not in VALUES:
        return got == wanted
    values = [row for row in got if row[0] is not None]
    ordered = all(a[2] >= b[2] for a, b in zip(values, values[1:])) and (not values or values[-1][4] == 1.0)
    rest = [(None, None, absent, None, None)] if absent else []
    return ordered and got[len(values):] == rest and collections.Counter(row[:4] for row in values) == wanted


def check_histograms(name, captures, rows):
    fields = (*VALUES, *NUMBERS, *SIZES, *DURATIONS, *TIMES, "ms")
    wrong = [field for field in fields if not same_histogram(captures, rows, field)]
    wrong += [field + " as CSV" for field in ("ms", "comm", "tx_bytes", "end")
              if not csv_is_json(captures, ("--histogram", field), "histogram", ("comm",))]
    return check(name, wrong, len(fields), f"histograms of {len(rows)} sessions")


sys.exit(check_all(check_histograms))
