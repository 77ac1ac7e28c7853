#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Summaries, computed a second time from the JSON lines of the same captures.

usage: summary_test.py TCPLIFE_REPORT FIXTURES
"""
import collections
import sys

from summed import FAILED, SECOND, check, check_all, csv_is_json, is_near, losses, quantile, rate, report, retrans_share, rows_of, says_great_sums, share

SUMS = {"tx_bytes": "tx_bytes", "rx_bytes": "rx_bytes", "ms_sum": "ms", "retrans_bytes_sum": "retrans_bytes"}
TALKER = ("comm", "raddr", "service", "direction")
LISTS = {  # section: keys, what it is ordered by, what that adds up to
    "failures": (("end", "comm", "service", "direction"), ("sessions",), True),
    "by-bytes": (TALKER, ("tx_bytes", "rx_bytes"), True),
    "by-sessions": (TALKER, ("sessions",), True),
    "by-time": (TALKER, ("ms_sum",), True),
    "slow": (("comm", "service", "direction"), ("ms_p50",), False),
    "retransmissions": (("raddr",), ("retrans_bytes_sum",), False),
}


def known(rows, name):
    return [row[name] for row in rows if name in row]


def saturated_sum(values):
    return min(sum(values), 2**64 - 1) if values else None


def figures(rows):
    """What may be said of some sessions."""
    failed = sum(row.get("end") in FAILED for row in rows)
    return {"sessions": len(rows), "failed": failed, "failed_share": share(failed, len(rows)) if rows else None,
            "tx_bytes": saturated_sum(known(rows, "tx_bytes")), "rx_bytes": saturated_sum(known(rows, "rx_bytes")),
            "ms_sum": saturated_sum(known(rows, "ms")), "retrans_bytes_sum": saturated_sum(known(rows, "retrans_bytes")),
            "retrans_share": retrans_share(rows)}


def has_figures(row, rows, also):
    """Whether the row has no figure that the sessions do not have, and each as they do."""
    wanted = {**figures(rows), **also}
    near = {"ms_p50": ("ms", 50), "ms_p99": ("ms", 99), "min_rtt_us_p50": ("min_rtt_us", 50), "min_rtt_us_p99": ("min_rtt_us", 99)}
    return all(is_near(value, known(rows, near[key][0]), near[key][1]) if key in near else wanted[key] == value
               for key, value in row.items())


def rank(rows, names):
    """What they are ordered by, however great."""
    values = {"sessions": len(rows), **{of: sum(known(rows, name)) for of, name in SUMS.items()}}
    return sum(values[name] for name in names)


def is_list(section, got, rows, top):
    keys, names, adds_up = LISTS[section]
    groups = collections.defaultdict(list)
    for row in rows:
        if section != "failures" or row.get("end") in FAILED:
            groups[tuple(row.get(key) for key in keys)].append(row)
    if section == "slow":
        ranks = [quantile(known(group, "ms"), 50) or 0 for group in groups.values()]
    else:
        ranks = [rank(group, names) for group in groups.values()]
    ranks = sorted((r for r in ranks if r), reverse=True)[:top]
    found = [row["ms_p50"] if section == "slow" else rank(groups[tuple(row.get(key) for key in keys)], names) for row in got]
    if len(found) != len(ranks) or not all(abs(this - wanted) <= (wanted // 64 if section == "slow" else 0)
                                           for this, wanted in zip(found, ranks)):
        return False
    for row in got:
        group = groups[tuple(row.get(key) for key in keys)]
        also = {"section": section, **{key: row.get(key) for key in keys}}
        if adds_up:
            also["share"] = share(rank(group, names), rank(rows, names))
        if not has_figures(row, group, also) or adds_up and "share" not in row:
            return False
    return True


def is_total(row, rows, lost):
    ended = [r["close_us"] for r in rows if r.get("end") != "still-open"]
    span = max(ended) - min(ended) if ended else 0
    also = {"section": "total", "still_open": len(rows) - len(ended), "lost": sum(loss["count"] for loss in lost),
            "owner_unknown": sum(r["owner"] == "unknown" for r in rows)}
    if ended:
        also |= {"from_us": min(ended), "to_us": max(ended)}
    if span:
        also["sessions_per_second"] = rate(len(ended), span)
    return has_figures(row, rows, also) and also.keys() <= row.keys()


def is_peak(got, rows):
    seconds = collections.Counter(row["close_us"] // SECOND for row in rows if row.get("end") != "still-open")
    if not seconds:
        return not got
    most = max(seconds.values())
    first = min(second for second, count in seconds.items() if count == most)
    return got == [{"section": "peak", "from_us": first * SECOND, "to_us": (first + 1) * SECOND, "sessions": most,
                    "sessions_per_second": rate(most, SECOND)}]


def losses_by_cause(lost):
    for cause in ("unknown", "ring-full", "no-storage", "write-error", "unseen"):
        some = [loss for loss in lost if loss["cause"] == cause]
        if some:
            yield {"section": "losses", "name": cause, "lost": sum(loss["count"] for loss in some),
                   "from_us": min(loss["from_us"] for loss in some), "to_us": max(loss["to_us"] for loss in some)}


def hosts(recordings):
    """Of all recordings of a host, those with most sessions first."""
    by_name = collections.defaultdict(list)
    for recording in recordings:
        by_name[recording.get("host")].append(recording)
    for name, some in sorted(by_name.items(), key=lambda item: (-sum(r["sessions"] for r in item[1]), item[0] or "")):
        row = {"section": "host", "sessions": sum(r["sessions"] for r in some), "recordings": len(some),
               "lost": sum(r["lost"] for r in some)}
        read = [r for r in some if r["sessions"]]
        if read:
            row |= {"from_us": min(r["first_us"] for r in read), "to_us": max(r["last_us"] for r in read)}
        yield row if name is None else row | {"name": name}


def wrong_sections(captures, rows, lost, top):
    text = report("--summary", "--top", top, "--json", *captures)
    got = collections.defaultdict(list)
    for row in rows_of(text, "summary"):
        got[row["section"]].append(row)
    ends = collections.Counter(row.get("end", "unknown") for row in rows)
    if not is_total(*got["total"], rows, lost):
        yield "total"
    if not is_peak(got["peak"], rows):
        yield "peak"
    if got["host"] != list(hosts(rows_of(text, "captures")))[:top]:
        yield "hosts"
    if got["losses"] != list(losses_by_cause(lost)):
        yield "losses"
    if {row["end"]: (row["sessions"], row["share"]) for row in got["ends"]} != {
            end: (count, share(count, len(rows))) for end, count in ends.items()}:
        yield "ends"
    yield from (section for section in LISTS if not is_list(section, got[section], rows, top))
    if set(got) - {"total", "peak", "losses", "ends", "host", "recorder-filter", *LISTS}:
        yield "sections"


def check_summary(name, captures, rows):
    tops = (1, 3, 1000)
    wrong = {section for top in tops for section in wrong_sections(captures, rows, losses(captures), top)}
    if not csv_is_json(captures, ("--summary",), "summary", ("comm", "name")):
        wrong.add("CSV")
    if not says_great_sums(captures, ("--summary",), "summary", SUMS):
        wrong.add("what is said of sums")
    return check(name, wrong, len(tops), f"summaries of {len(rows)} sessions")


sys.exit(check_all(check_summary))
