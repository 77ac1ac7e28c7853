#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--flows --compare beside a comparison written from tcplife-report(1), over sessions made here.

usage: flows_compare_test.py TCPLIFE_REPORT [SEED]
"""
import fractions
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

REPORT = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261126
START_US = 1777626000000000
FAILED = {"reset-there", "refused", "timed-out"}
ALIKE = 64
COLUMNS = ["comm", "change", "score", "sessions_before", "sessions", "sessions_ratio", "failed_before", "failed",
           "failed_share_before", "failed_share_ratio", "ms_max_before", "ms_max", "tx_bytes_before", "tx_bytes",
           "tx_bytes_ratio", "ms_max_ratio", "last_us_before"]


def report(*args, stdin=b"", status=0):
    run = subprocess.run([REPORT, "-q", *args], input=stdin, capture_output=True, check=False)
    assert run.returncode == status, (args, run.returncode, run.stderr)
    return run.stdout


# Sessions: of each program how many there are on either side, which part fails, how long they take, what they send.
# Few of each, so that medians are exact; some of them many, whose lifespans are far from where they would be cut.

def make_side(rng, programs, side, span_us):
    for comm, sides in programs.items():
        count, failing, ms, size = sides[side]
        for _ in range(count):
            close_us = START_US + rng.randrange(span_us)
            yield {"close_us": close_us, "established_us": close_us - int(ms * 1000 * rng.choice([1, 1, 1, 1.2, 0.5])),
                   "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2, "connect_pid": 7,
                   "connect_comm": comm, "tx_bytes": size * rng.randrange(1, 5), "rx_bytes": size,
                   "end": rng.choice(sorted(FAILED)) if rng.random() < failing else "closed-here"}
    for at in (0, span_us):
        yield {"close_us": START_US + at, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2}


def random_programs(rng):
    def side(base):
        return (rng.choice([0, 1, 2, 7, 31, 300]), rng.choice([0, 0, 0.1, 0.5, 1]), base * rng.choice([1, 1, 1.01, 3]),
                rng.choice([0, 1, 1000, 10**9]))
    programs = {}
    for i in range(60):
        base = rng.choice([1, 20, 500])
        programs[f"p{i}"] = (side(base), side(base))
    programs["same"] = ((30, 0, 10, 100), (30, 0, 10, 100))
    programs["gone"] = ((0, 0, 1, 1), (500, 0, 1, 1))
    programs["new"] = ((400, 0, 1, 1), (0, 0, 1, 1))
    programs["failing"] = ((30, 1, 10, 100), (30, 0, 10, 100))
    programs["slower"] = ((31, 0, 100, 100), (31, 0, 10, 100))
    return programs


# The comparison

def lifespan(row):
    return row["close_us"] - row["established_us"]


def totals(rows):
    return {"sessions": len(rows), "failed": sum(row.get("end") in FAILED for row in rows),
            "ms": sorted(lifespan(row) for row in rows if "established_us" in row),
            "bytes": sum(row.get("tx_bytes", 0) + row.get("rx_bytes", 0) for row in rows)}


def at(values, thousandths):
    return values[max(-(-len(values) * thousandths // 1000), 1) - 1]


def part_below(values, limit):
    """Which thousandths have a quantile that is less."""
    return sum(at(values, part) < limit for part in range(1, 1001)) / 1000


def part_longer(values, us):
    return 1 - part_below(values, us + us // ALIKE + 1) - part_below(values, us - us // ALIKE)


def differences(after, before, spans):
    n, m = after["sessions"], before["sessions"]
    expected = m * spans
    yield ((n - expected) / (n + expected), (n - expected) / math.sqrt(n + expected * spans),
           "more" if m else "new", "less" if n else "gone")
    if n and m:
        part = (after["failed"] + before["failed"]) / (n + m)
        if 0 < part < 1:
            size = after["failed"] / n - before["failed"] / m
            yield size, size / math.sqrt(part * (1 - part) * (1 / n + 1 / m)), "fails-more", "fails-less"
        if after["ms"] and before["ms"]:
            median = at(before["ms"], 500)
            size = max(-1, min(1, part_longer(after["ms"], median) - part_longer(before["ms"], median)))
            yield size, size / math.sqrt(1 / len(after["ms"]) + 1 / len(before["ms"])), "slower", "faster"
        moved, moved_before = after["bytes"], before["bytes"] * spans
        if moved + moved_before:
            size = (moved - moved_before) / (moved + moved_before)
            yield size, size / math.sqrt(1 / n + 1 / m), "more-bytes", "less-bytes"


def change_of(after, before, spans):
    word, best = "same", 0
    for size, deviations, more, less in differences(after, before, spans):
        score = int(size * deviations * 1000 + 0.5) / 1000
        if score > best:
            word, best = more if size > 0 else less, score
    return word, best


def ratio(after, before):
    return None if not before else round(float(fractions.Fraction(after) / fractions.Fraction(before)), 3)


def near(a, b, by=0.0011):
    return a == b or a is not None and b is not None and abs(a - b) <= by * max(1, abs(b))


def check_row(row, after, before, spans):
    a, b = totals(after), totals(before)
    if max(a["sessions"], b["sessions"]) <= 32:
        word, score = change_of(a, b, float(spans))
        assert (row["change"], row["score"]) == (word, score), (row, word, score)
    wanted = {"sessions_before": b["sessions"], "sessions": a["sessions"], "failed_before": b["failed"],
              "failed": a["failed"]}
    for side, rows in (("", after), ("_before", before)):
        sent = [r["tx_bytes"] for r in rows if "tx_bytes" in r]
        spent = [lifespan(r) for r in rows if "established_us" in r]
        wanted[f"tx_bytes{side}"] = sum(sent) if sent else None
        wanted[f"ms_max{side}"] = max(spent) / 1000 if spent else None
    wanted["last_us_before"] = max((r["close_us"] for r in before), default=None)
    wanted["failed_share_before"] = b["failed"] / b["sessions"] if b["sessions"] else None
    for name, value in wanted.items():
        assert near(row.get(name), value, 1e-6), (name, row, value)
    for name in ("sessions", "tx_bytes"):
        assert near(row.get(f"{name}_ratio"), ratio((wanted[name] or 0) / spans, wanted[f"{name}_before"])), (name, row)
    if wanted["ms_max"] is not None:
        assert near(row.get("ms_max_ratio"), ratio(wanted["ms_max"], wanted["ms_max_before"])), row


def check(rng, folder, number):
    programs = random_programs(rng)
    spans_us = [rng.choice([10**9, 3 * 10**9]), rng.choice([10**9, 7 * 10**9])]
    sides, files = [], []
    for side, span_us in enumerate(spans_us):
        rows = sorted(make_side(rng, programs, side, span_us), key=lambda row: row["close_us"])
        files.append(f"{folder}/{number}-{side}.tlz")
        text = "\n".join(map(json.dumps, rows)).encode()
        report("--input", "jsonl", "-", "--write", files[-1], stdin=text)
        sides.append(rows)
    args = ["--flows=comm", "--compare", files[1], "--columns", ",".join(COLUMNS), "--jsonl"]
    found = [json.loads(line) for line in report(*args, files[0]).splitlines()]
    comms = {row.get("connect_comm") for rows in sides for row in rows}
    assert {row.get("comm") for row in found} == comms and len(found) == len(comms), found
    spans = fractions.Fraction(spans_us[0], spans_us[1])
    for row in found:
        after, before = ([r for r in rows if r.get("connect_comm") == row.get("comm")] for rows in sides)
        check_row(row, after, before, spans)
    scores = [row["score"] for row in found]
    assert scores == sorted(scores, reverse=True), scores
    words = {row.get("comm"): row["change"] for row in found}
    assert (words["gone"], words["new"]) == ("gone", "new"), words
    assert spans != 1 or (words["slower"], words["failing"]) == ("slower", "fails-more"), words
    # What is selected is so on both sides; the spans stay those of the captures.
    args = ["--flows=comm", "--compare", files[1], "--filter", "comm == failing", "--csv"]
    assert report(*args, files[0]).count(b"\n") == 2
    # A directory is all that is in it; nothing differs from itself.
    folder_of_one = pathlib.Path(folder) / f"{number}"
    folder_of_one.mkdir()
    (folder_of_one / "x.tlz").symlink_to(files[0])
    same = report("--flows=comm", "--compare", str(folder_of_one), "--columns", "change,score,sessions_ratio", "--csv",
                  files[0])
    assert set(same.splitlines()[1:]) == {b"same,0.000,1.000"}, same


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(6):
            check(rng, folder, number)
    print(f"PASS 6 comparisons, seed {SEED}")


main()
