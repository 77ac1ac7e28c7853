#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Random sessions and changes of state through JSON lines: lines -> capture -> lines -> capture must lose nothing.

usage: json_roundtrip_test.py TCPLIFE_REPORT [SEED]

The greatest value of each field is asked of the program itself, by offering one that is too great.
"""
import ipaddress
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

REPORT = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20260501
U64_MAX = 2**64 - 1
DERIVED = {"sessions": {"ms", "pid", "comm", "owner", "service", "family", "tx_payload_bytes", "rx_payload_bytes"},
           "states": {"owner_pid", "owner_comm", "owner", "family"}}
PLACES = {"laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": 2}
REQUIRED = {"sessions": {"close_us": 1} | PLACES, "states": {"time_us": 1} | PLACES}
BOTH = ("--sessions", "--states", "--jsonl", "--with-meta")
BYTES = bytes(range(1, 256))


def report(*args, stdin=b"", status=0):
    run = subprocess.run([REPORT, *args], input=stdin, capture_output=True, check=False)
    assert run.returncode == status, (args, run.returncode, run.stderr)
    return run


def lines_of(rows):
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def columns(kind):
    return json.loads(report(f"--{kind}", "--list-columns", "--json").stdout)["columns"]


def greatest(kind, name):
    """What the error says when the value is one that no integer field takes."""
    text = report("--input", "jsonl", "-", stdin=lines_of([dict(REQUIRED[kind], **{name: -1})]), status=1)
    return int(re.search(rb"from 0 to (\d+)", text.stderr)[1])


def escaped(name):
    """A name's bytes as the contract writes them: all that is not printable as \\xNN."""
    return "".join("\\\\" if b == 92 else chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in name)


def random_name(rng):
    return escaped(bytes(rng.choice(BYTES) for _ in range(rng.randint(0, 16))))


def random_address(rng):
    kind = rng.random()
    if kind < 0.5:
        return ".".join(str(rng.randrange(256)) for _ in range(4))
    if kind < 0.8:
        return f"2001:db8::{rng.randrange(1, 65536):x}:{rng.randrange(1, 65536):x}"
    return ":".join(f"{rng.choice((0, 0, rng.randrange(65536))):x}" for _ in range(8))


def random_integer(rng, most):
    return min(most, rng.choice((0, 1, rng.randrange(1000), rng.randrange(2**32), rng.randrange(2**64), most)))


def random_value(rng, column, most):
    if column["type"] == "boolean":
        return rng.random() < 0.5
    if column["name"] in ("laddr", "raddr"):
        return random_address(rng)
    if column["name"].endswith("comm") or column["name"] == "congestion":
        return random_name(rng)
    if column["name"] == "direction":
        return rng.choice(("in", "out", "unknown"))
    if column["type"] == "string":
        return rng.choice((1, 3, 5, 9))
    return random_integer(rng, most)


def random_row(rng, kind, fields):
    row = {}
    for column, most in fields[kind]:
        if column["name"] in REQUIRED[kind] or rng.random() < 0.7:
            row[column["name"]] = random_value(rng, column, most)
    return row


def kind_of(row):
    return "states" if "time_us" in row else "sessions"


def unescaped(text):
    """The bytes that a string stands for."""
    return re.sub(rb"\\(\\|x[0-9a-f]{2})", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]),
                  text.encode())


def packed(text):
    address = ipaddress.ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).packed


def meaning(row, typed):
    """What a row says, whichever way it is written: addresses, escapes, enumerations by number."""
    said = {}
    for key, value in row.items():
        if key in ("laddr", "raddr"):
            said[key] = packed(value)
        elif isinstance(value, str) and isinstance(typed.get(key), int):
            said[key] = typed[key]
        elif isinstance(value, str):
            said[key] = unescaped(value)
        else:
            said[key] = value
    return {key: value for key, value in said.items() if key not in DERIVED[kind_of(row)]}


def check(name, ok, why=""):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}")
    return ok


def check_kind(kind, typed_rows, rows):
    wrong = [i for i, (typed, row) in enumerate(zip(typed_rows, rows)) if meaning(row, typed) != meaning(typed, typed)]
    return check(f"all {kind} come back", len(rows) == len(typed_rows) and not wrong,
                 f"{len(rows)} of {len(typed_rows)}, the first wrong is {wrong[:1]}, seed {SEED}")


def main():
    rng = random.Random(SEED)
    fields = {kind: [(c, greatest(kind, c["name"]) if c["type"] == "integer" else 0) for c in columns(kind)
                     if c["name"] not in DERIVED[kind]] for kind in DERIVED}
    typed_rows = [random_row(rng, rng.choice(("sessions", "sessions", "states")), fields) for _ in range(20000)]
    meta = [{"type": "capture", "capture_id": "00112233445566778899aabbccddeeff", "host": "h\\xff\"\\\\"}]
    good = True
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "in.jsonl").write_bytes(lines_of(meta + typed_rows))
        report("-q", "--input", "jsonl", str(path / "in.jsonl"), "--write", str(path / "1.tlz"))
        first = report(*BOTH, "-", stdin=(path / "1.tlz").read_bytes()).stdout
        (path / "1.jsonl").write_bytes(first)
        report("-q", "--input", "jsonl", str(path / "1.jsonl"), "--write", str(path / "2.tlz"))
        second = report(*BOTH, "-", stdin=(path / "2.tlz").read_bytes()).stdout

        rows = [row for row in map(json.loads, first.decode().splitlines()) if "type" not in row]
        for kind in DERIVED:  # each has blocks of its own
            good &= check_kind(kind, [row for row in typed_rows if kind_of(row) == kind],
                               [row for row in rows if kind_of(row) == kind])
        good &= check("lines -> capture -> lines is the same", first == second, f"seed {SEED}")
        good &= check("capture -> lines -> capture is the same",
                      (path / "1.tlz").read_bytes() == (path / "2.tlz").read_bytes(), f"seed {SEED}")
    return 0 if good else 1


sys.exit(main())
