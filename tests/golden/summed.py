# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of views that sum sessions up share: their sessions, from the JSON lines of the same captures, and sums
of them that are computed a second time."""
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

REPORT = pathlib.Path(sys.argv[1]).resolve()
FIXTURES = pathlib.Path(sys.argv[2])
SEED = int(os.environ.get("SEED", "7"))
ROWS = 3000
SECOND = 1000000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
FAILED = ("reset-here", "reset-there", "refused", "timed-out", "unreachable", "gave-up", "unaccepted")


def report(*arguments):
    run = subprocess.run([REPORT, *map(str, arguments)], check=True, capture_output=True, env=dict(os.environ, TZ="UTC"))
    return run.stdout.decode(errors="replace")


def sessions(*captures):
    """Rows by JSON lines, ms as integers of microseconds."""
    return [json.loads(line, parse_float=lambda text: int(text.replace(".", "")))
            for line in report("--jsonl", "--sessions", *captures).splitlines()]


def make_lines(rng):
    """Sessions of every size and duration; many values absent, others at their ends."""
    def magnitude(bits):
        return rng.getrandbits(64) >> rng.randrange(64 - bits, 64)
    for number in range(ROWS):
        close = 1777626000 * SECOND + rng.randrange(3 * DAY)
        row = {"close_us": close, "laddr": "192.0.2.1", "lport": rng.randrange(65536), "rport": rng.choice((443, 80, 22)),
               "raddr": f"198.51.100.{int(rng.paretovariate(1)) % 256}", "cookie": number}
        for name, value in (("open_us", close - magnitude(40)), ("tx_bytes", magnitude(64)), ("rx_bytes", magnitude(30)),
                            ("min_rtt_us", magnitude(32)), ("srtt_us", magnitude(32)), ("segs_out", magnitude(32)),
                            ("sent_bytes", magnitude(40)), ("retrans_bytes", magnitude(20)),
                            ("in_established_us", magnitude(40)), ("error", rng.choice((0, 0, 104, 110))),
                            ("connect_comm", rng.choice(("curl", "a,b", "\\x1b[31m", "ünïcode"))),
                            ("end", rng.choice(("closed-here", "reset-there", "refused", "still-open")))):
            if rng.random() < 0.8:
                row[name] = value
        yield json.dumps(row)


def share(part, whole):
    return round((part * 10**6 + whole // 2) // whole / 10**6, 6)


def rate(count, us):
    """So many in a second, in six decimals; never 0 of something."""
    return max((count * 10**12 + us // 2) // us, count > 0) / 10**6


def quantile(values, percent):
    """By nearest rank."""
    return sorted(values)[max(-(-len(values) * percent // 100), 1) - 1] if values else None


def is_near(got, values, percent):
    wanted = quantile(values, percent)
    if got is None or wanted is None or len(values) <= 32:
        return got == wanted
    return abs(got - wanted) <= wanted // 128


def retrans_share(rows):
    told = [(row["retrans_bytes"], row["sent_bytes"]) for row in rows
            if row.get("retrans_bytes", 2**64) <= row.get("sent_bytes", -1)]
    sent = sum(sent for _, sent in told)
    return share(sum(again for again, _ in told), sent) if sent else None


def csv_is_json(captures, option, view, names=()):
    """CSV has the values of JSON, but for names, whose bytes it has as they are; and JSON lines the rows."""
    rows = json.loads(report(*option, "--json", *captures), parse_float=str, parse_int=str)[view]
    lines = [json.loads(line, parse_float=str, parse_int=str)
             for line in report(*option, "--jsonl", *captures).splitlines()]
    of_csv = list(csv.DictReader(io.StringIO(report(*option, "--csv", *captures), newline="")))
    return rows == lines and [{k: v for k, v in row.items() if k not in names} for row in rows] == [
        {k: v for k, v in row.items() if v != "" and k not in names} for row in of_csv]


def says_great_sums(captures, option, view, names):
    """Whether standard error says that a sum is too great where one is."""
    run = subprocess.run([REPORT, *option, "--json", *map(str, captures)], check=True, capture_output=True)
    great = any(row.get(name) in (2**64 - 1, (2**64 - 1) / 1000) for row in json.loads(run.stdout)[view] for name in names)
    return great == (b"a sum is 18446744073709551615 or greater" in run.stderr)


def losses(captures):
    """Of sessions."""
    return [loss for loss in json.loads(report("--json", "--sessions", *captures))["losses"] if loss["of"] == "sessions"]


def rows_of(text, view):
    """Rows of a document: shares as they are, milliseconds as integers of microseconds."""
    return json.loads(text, parse_float=lambda t: float(t) if len(t.split(".")[1]) == 6 else int(t.replace(".", "")))[view]


def check(name, wrong, count, what):
    print(f"FAIL {name}: {', '.join(wrong)}" if wrong else f"PASS {name}: {count} {what}")
    return not wrong


def check_all(check_captures):
    """Runs a check of (name, arguments that name captures, sessions) over all that there are. The exit status."""
    inputs = {path.name: (path,) for path in sorted(FIXTURES.glob("good-*.tlz")) if "future" not in path.name}
    inputs["sample.tlz"] = (FIXTURES / "sample.tlz",)
    inputs["several"] = (FIXTURES / "sample.tlz", FIXTURES / "good-two-hosts.tlz", FIXTURES / "good-by-hand.tlz")
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder, "random.jsonl")
        lines.write_text("\n".join(make_lines(random.Random(SEED))) + "\n")
        inputs["random"] = ("--input", "jsonl", lines)
        good = [check_captures(name, captures, sessions(*captures)) for name, captures in inputs.items()]
    return 0 if all(good) else 1
