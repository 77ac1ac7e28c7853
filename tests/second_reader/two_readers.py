# SPDX-License-Identifier: BSD-2-Clause
"""What tcplife-report and the second reader say of the same bytes, in the same form: a list of tuples.

A row is ("row", recording, values), of a session or of a change of state, and so are captures, names, losses and
damage; the end comes last. Recordings are
numbered as they come, texts are bytes, addresses 16 bytes, enumerations numbers, lifespans microseconds.
"""
import ipaddress
import json
import re
import subprocess

import dump
import tlz
from tlz_fields import MAPPED

STATES = ("ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING "
               "NEW_SYN_RECV").split()
ENDS = ("unknown closed-here closed-there reset-here reset-there refused timed-out unreachable gave-up unaccepted "
        "disconnected still-open").split()
NUMBERS = {
    "direction": {"unknown": 0, "out": 1, "in": 2},
    "end": {name: number for number, name in enumerate(ENDS)},
    **{field: {name: number for number, name in enumerate(STATES, 1)}
       for field in ("last_state", "old_state", "new_state")},
    "cause": {"unknown": 0, "ring-full": 1, "no-storage": 2, "write-error": 3, "unseen": 4},
    "kind": {"cgroup": 1, "netns": 2, "uid": 3},
}
END_TAGS = ("ended_us", "reason")
OF_THE_END = (*END_TAGS, "sessions", "lost", "states", "states_lost", "total_blocks", "index_offset")


def unescaped(text):
    """The bytes that a string of docs/JSON.md stands for."""
    return re.sub(rb"\\(\\|x[0-9a-f]{2})", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]),
                  text.encode())


def stored_value(key, value):
    """The value that is stored where JSON has this one."""
    if not isinstance(value, str):
        return int(value)
    if key in NUMBERS:
        return NUMBERS[key][value]
    if key in ("laddr", "raddr"):
        address = ipaddress.ip_address(value)
        return address.packed if address.version == 6 else MAPPED + address.packed
    if key == "capture_id":
        return bytes.fromhex(value)
    return value if key in ("owner", "of") else unescaped(value)


def report_line(line, recording):
    """One line of the reporter's. recording is the one that is being told of."""
    kind = line.pop("type", "row")
    line.pop("file", None)
    if kind == "damage":
        return kind, line["offset"], line["bytes"], line["missing_blocks"]
    values = {key: stored_value(key, value) for key, value in line.items()}
    if "ms" in values:
        values["lifespan_us"] = values.pop("ms")
    if kind == "end":
        return kind, values
    return kind, values.pop("source", recording), values


def of_report(report, data):
    """What the reporter says of the bytes. In a pipe, where rows come in the order of the file."""
    done = subprocess.run([report, "-q", "--jsonl", "--with-meta", "--sessions", "--states", "-"], input=data,
                          capture_output=True, check=False)
    if done.returncode not in (0, 1, 3):
        return [("exit status", done.returncode, done.stderr.decode())]
    said, recording = [], None
    for text in done.stdout.decode().splitlines():
        line = json.loads(text, parse_float=lambda number: int(number.replace(".", "")))
        if line.get("type") in ("capture", "source"):
            recording = line["source"]
        if line.get("type") != "source":
            said.append(report_line(line, recording))
    return said


class Recordings:
    """The numbers of sources, and the captures that the reporter tells of."""

    def __init__(self):
        self.numbers = {}
        self.file = {}

    def number(self, source):
        return self.numbers.setdefault(source, len(self.numbers) + 1)

    def capture(self, source, own):
        """What it says of itself, and what the file says: texts of the file stand in the first recording alone."""
        number = self.number(source)
        shared = {key: value for key, value in self.file.items()
                  if number == 1 or not isinstance(value, bytes) or key == "capture_id"}
        about = {**shared, **own}
        return "capture", number, {key: about[key] for key in about if key not in OF_THE_END}


def second_line(line, recordings):
    """The tuples for one line of the second reader's."""
    line = dict(line)
    kind, source = line.pop("type", "row"), line.pop("source", 0)
    if kind == "damage":
        yield kind, line["offset"], line["bytes"], line["missing_blocks"]
    elif kind == "metadata" and source == 0:
        recordings.file = line
    elif kind == "metadata":
        yield recordings.capture(source, line)
    elif kind in ("row", "state", "name", "loss", "states loss", "unknown"):
        if source not in recordings.numbers and (source or kind != "unknown"):
            yield recordings.capture(source, {})
        if kind == "name":
            line["id"] = line.pop("number")
        if kind in ("loss", "states loss"):
            line["of"] = "sessions" if kind == "loss" else "states"
        if kind != "unknown":
            yield {"state": "row", "states loss": "loss"}.get(kind, kind), recordings.number(source), line


def of_second(data):
    """What the second reader says of the bytes: nothing of a file that it refuses."""
    recordings, said, end = Recordings(), [], {"clean_end": 0}
    try:
        for line in dump.lines(data):
            said += second_line(line, recordings)
            if line.get("type") == "end" and not end["clean_end"]:
                end = {"clean_end": 1, **{key: line[key] for key in END_TAGS if key in line}}
    except tlz.Refused:
        if not said:
            return []
    if not recordings.numbers and recordings.file:
        said.append(recordings.capture(1, {}))
    return said + [("end", end)]


def difference(first, second):
    """Where two lists differ, in words; "" when they do not."""
    for i, (a, b) in enumerate(zip(first, second)):
        if a != b and a[0] == b[0] and isinstance(a[-1], dict) and a[:-1] == b[:-1]:
            keys = [key for key in {**a[-1], **b[-1]} if a[-1].get(key) != b[-1].get(key)]
            return f"line {i}, {a[:-1]}: " + ", ".join(f"{k} {a[-1].get(k)!r} and {b[-1].get(k)!r}" for k in keys)
        if a != b:
            return f"line {i}: {a!r:.200} and {b!r:.200}"
    return "" if len(first) == len(second) else f"{len(first)} and {len(second)} lines"


def disagreement(report, data):
    """How the two differ about a file of these bytes; "" when they agree."""
    return difference(of_report(report, data), of_second(data))


def rows_of(report, path):
    """(The rows that the reporter shows of a file, their times)"""
    done = subprocess.run([report, "-q", "--jsonl", "--sessions", "--states", path], capture_output=True, check=False)
    rows = done.stdout.splitlines()
    return rows, [row.get("close_us", row.get("time_us")) for row in map(json.loads, rows)]


def disorder(report, path, data):
    """What is wrong with the order in which the reporter shows the rows of a file: where it has several sources, that of
    their times; "" when nothing is."""
    rows, times = rows_of(report, path)
    second = of_second(data)
    if len({line[1] for line in second if line[0] == "row"}) > 1 and times != sorted(times):
        return "rows are not in the order of their times"
    return "" if len(rows) == sum(line[0] == "row" for line in second) else "there are more rows, or fewer"
