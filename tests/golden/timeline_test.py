#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Timelines, computed a second time from the JSON lines of the same captures: in zones whose clocks are changed, too.

usage: timeline_test.py TCPLIFE_REPORT FIXTURES
"""
import collections
import json
import pathlib
import random
import sys
import tempfile
import zoneinfo
from datetime import datetime, timedelta, timezone

from summed import (DAY, FAILED, HOUR, SECOND, SEED, check, check_all, csv_is_json, is_near, losses, rate, report,
                    retrans_share, rows_of, says_great_sums, sessions, share)


def step_of(us, step, zone):
    """(begin, end) of the step; of days by the calendar, of others where all offsets are whole hours."""
    if step < DAY:
        return us // step * step, us // step * step + step
    day = datetime.fromtimestamp(us // SECOND, zone).replace(hour=0, minute=0, second=0, tzinfo=None)
    return tuple(int(d.replace(tzinfo=zone).timestamp()) * SECOND for d in (day, day + timedelta(days=1)))


def sums(rows, name):
    values = [row[name] for row in rows if name in row]
    return min(sum(values), 2**64 - 1) if values or not rows else None


def is_step(row, begin, end, opened, still_open, lost, ended):
    """Whether the row is what the step's sessions make of it."""
    seconds = end - begin
    failed = sum(session.get("end") in FAILED for session in ended)
    wanted = {"from_us": begin, "to_us": end, "ended": len(ended), "opened": opened, "failed": failed,
              "ended_per_second": rate(len(ended), seconds),
              "failed_share": share(failed, len(ended)) if ended else None, "still_open": still_open, "lost": lost,
              "tx_bytes": sums(ended, "tx_bytes"), "rx_bytes": sums(ended, "rx_bytes"),
              "retrans_share": retrans_share(ended)}
    both = None if None in (wanted["tx_bytes"], wanted["rx_bytes"]) else sum(
        session.get(name, 0) for session in ended for name in ("tx_bytes", "rx_bytes"))
    if both is not None:
        wanted["bytes_per_second"] = min((both * 10**6 + seconds // 2) // seconds, 2**64 - 1)
    ms = [session["ms"] for session in ended if "ms" in session]
    rtt = [session["min_rtt_us"] for session in ended if "min_rtt_us" in session]
    rest = {k: v for k, v in row.items() if k not in ("ms_p50", "ms_p99", "min_rtt_us_p50")}
    return rest == {k: v for k, v in wanted.items() if v is not None} and is_near(row.get("ms_p50"), ms, 50) and \
        is_near(row.get("ms_p99"), ms, 99) and is_near(row.get("min_rtt_us_p50"), rtt, 50)


def time_text(us):
    return f"{datetime.fromtimestamp(us // SECOND, timezone.utc):%Y-%m-%dT%H:%M:%S}.{us % SECOND:06}Z"


def is_timeline(captures, rows, lost, step, zone, since=None, until=None):
    options = [word for option, us in (("--since", since), ("--until", until)) if us is not None
               for word in (option, time_text(us))]
    text = report("--timeline", f"{step}us", "--tz", zone, "--json", *options, *captures)
    where = zoneinfo.ZoneInfo(zone)
    rows = [row for row in rows if (since or 0) <= row["close_us"] and (until is None or row["close_us"] < until)]
    lost = [loss for loss in lost if (since or 0) <= loss["to_us"] and (until is None or loss["to_us"] < until)]
    groups = {key: collections.defaultdict(list) for key in ("ended", "still", "opened", "lost")}
    for row in rows:
        groups["still" if row.get("end") == "still-open" else "ended"][step_of(row["close_us"], step, where)].append(row)
        if "open_us" in row:
            groups["opened"][step_of(row["open_us"], step, where)].append(row)
    for loss in lost:
        groups["lost"][step_of(loss["to_us"], step, where)].append(loss["count"])
    steps = sorted({*groups["ended"], *groups["still"], *groups["lost"]})
    begin = steps[0][0] if steps else None
    end = steps[-1][1] if steps else None
    if since is not None and (steps or until is not None):
        begin = step_of(since, step, where)[0]
    if until is not None and (steps or since is not None):
        end = step_of(until - 1, step, where)[1]
    for row in rows_of(text, "timeline"):
        this = step_of(begin, step, where)
        ok = is_step(row, *this, len(groups["opened"][this]), len(groups["still"][this]), sum(groups["lost"][this]),
                     groups["ended"][this])
        if not ok:
            print(f"wrong: {row}")
            return False
        begin = this[1]
    return begin == end


def make_days(rng):
    """Sessions around the days on which clocks are changed in Europe."""
    for day in (1774652400, 1792792800):
        for number in range(200):
            close = (day + rng.randrange(3 * 86400)) * SECOND + rng.randrange(SECOND)
            yield json.dumps({"close_us": close, "open_us": close - rng.randrange(2 * DAY), "laddr": "192.0.2.1", "lport": 1,
                              "raddr": "192.0.2.2", "rport": 443, "tx_bytes": number, "rx_bytes": rng.randrange(10**9)})


def windows_of(times):
    """What --since and --until may be: around all, within, on one side, and where nothing is."""
    if not times or max(times) - min(times) > 300 * DAY:
        return []
    first, last, middle = min(times), max(times), sorted(times)[len(times) // 2]
    return [(first - DAY, last + 2 * DAY), (middle, last + HOUR), (first, middle), (first - HOUR, None), (middle, None),
            (None, last + DAY), (last + 1, None), (last + DAY, last + 2 * DAY)]


def check_timelines(name, captures, rows, zones=("UTC",), steps=(SECOND // 2, 10 * SECOND, HOUR, DAY)):
    lost = losses(captures)
    times = [row["close_us"] for row in rows] + [loss["to_us"] for loss in lost]
    steps = [step for step in steps if not times or (max(times) - min(times)) // step < 40000]
    wrong = [f"{step} us in {zone}" for zone in zones for step in steps
             if not is_timeline(captures, rows, lost, step, zone)]
    for since, until in windows_of(times):
        if not is_timeline(captures, rows, lost, HOUR, zones[0], since, until):
            wrong.append(f"from {since} to {until}")
    if not csv_is_json(captures, ("--timeline", "1d"), "timeline"):
        wrong.append("CSV")
    if not says_great_sums(captures, ("--timeline", "1d"), "timeline", ("tx_bytes", "rx_bytes", "bytes_per_second")):
        wrong.append("what is said of sums")
    return check(name, wrong, len(steps) * len(zones), f"timelines of {len(rows)} sessions")


def check_long_steps():
    """A session in a hundred years is still not none, and bytes each way are divided as they are."""
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder, "long.jsonl")
        lines.write_text("".join(json.dumps({
            "close_us": year * 366 * DAY, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 443,
            "tx_bytes": 2**63 + year, "rx_bytes": 2**63}) + "\n" for year in (1, 50, 99)))
        captures = ("--input", "jsonl", lines)
        steps = [(step, rows_of(report("-q", "--timeline", f"{step}d", "--tz", "UTC", "--json", *captures), "timeline"))
                 for step in (1, 365, 36525)]
        wrong = [f"{step}d" for step, rows in steps for row in rows if row["ended_per_second"] != rate(
            row["ended"], row["to_us"] - row["from_us"]) or (row["ended_per_second"] > 0) != (row["ended"] > 0)]
        return check("long steps", wrong, len(steps), "timelines")


def check_changed_clocks():
    zones = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "UTC")
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder, "days.jsonl")
        lines.write_text("\n".join(make_days(random.Random(SEED))) + "\n")
        captures = ("--input", "jsonl", lines)
        return check_timelines("changed clocks", captures, sessions(*captures), zones, (600 * SECOND, HOUR, DAY))


sys.exit(check_all(check_timelines) or not check_changed_clocks() or not check_long_steps())
