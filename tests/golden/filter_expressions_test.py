#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Random expressions over random sessions: --filter lets through what a slow evaluator written from tcplife-report(1) does.

usage: filter_expressions_test.py TCPLIFE_REPORT [SEED [EXPRESSIONS]]

The evaluator works on the rows that the reporter itself prints as JSON lines. The capture has many blocks, with an
index, so a block that is passed over although it has a row that matches is found, too.
"""
import datetime
import ipaddress
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

REPORT = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20260917
EXPRESSIONS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
BLOCKS, ROWS = 30, 70  # of each block
START_US = 1777626000000000
NAMES = [b"nginx", b"nginx", b"sshd", b"python3", b"a b", b"it's", b"\\", b"[x]", b"*", b"ng\xff\x01x", b"",
         b"sixteen-bytes-16", b"and", b"rport"]
ENDS = ["closed-here", "reset-there", "refused", "timed-out", "still-open", 77]
ENUMERATIONS = {
    "owner": "connect io close accept listen task-file unknown",
    "direction": "unknown out in",
    "end": "unknown closed-here closed-there reset-here reset-there refused timed-out unreachable gave-up unaccepted "
           "disconnected still-open",
    "last_state": "- ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN "
                  "CLOSING NEW_SYN_RECV"}
ENUMERATIONS = {name: values.split() for name, values in ENUMERATIONS.items()}
UNITS = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}


def report(*args, stdin=b"", status=0):
    run = subprocess.run([REPORT, *args], input=stdin, capture_output=True, check=False)
    assert run.returncode == status, (args, run.returncode, run.stderr)
    return run.stdout


# Rows

def escaped(name):
    return "".join("\\\\" if b == 92 else chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in name)


def unescaped(text):
    return re.sub(rb"\\(\\|x[0-9a-f]{2})", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]),
                  text.encode())


def random_address(rng):
    return rng.choice([f"10.{rng.randrange(3)}.0.{rng.randrange(4)}", f"192.0.2.{rng.randrange(256)}",
                       f"2001:db8::{rng.randrange(4):x}", f"::{rng.randrange(3)}", "::ffff:10.1.0.1"])


def random_row(rng, number, close_us):
    row = {"close_us": close_us, "cookie": number, "laddr": random_address(rng), "raddr": random_address(rng),
           "lport": rng.choice([22, 80, 443, rng.randrange(65536)]), "rport": rng.randrange(1000, 1010)}
    some = {
        "open_us": close_us - rng.randrange(10**7), "established_us": close_us - rng.randrange(10**7),
        "connect_pid": rng.randrange(1, 9), "connect_comm": escaped(rng.choice(NAMES)),
        "closer_pid": rng.randrange(1, 9), "closer_comm": escaped(rng.choice(NAMES)),
        "congestion": rng.choice(["cubic", "bbr"]), "direction": rng.choice(["in", "out", "unknown"]),
        "end": rng.choice(ENDS), "last_state": rng.choice(["ESTABLISHED", "LAST_ACK", 15]), "error": rng.choice([0, 104]),
        "tx_bytes": rng.choice([0, 1, 1024, 2048, rng.randrange(5000), 2**64 - 1]), "rx_bytes": rng.randrange(3000),
        "fin_received": rng.random() < 0.5, "v6_socket": rng.random() < 0.5, "mark": rng.choice([0, 16, 2**32 - 1]),
        "srtt_us": rng.randrange(3000), "min_rtt_us": rng.randrange(3000), "uid": rng.choice([0, 33, 1000]),
        "syn_sent_us": rng.choice([0, 1000, 10**6, 60 * 10**6])}
    row.update((key, value) for key, value in some.items() if rng.random() < 0.8)
    return row


def make_capture(rng, path):
    lines = []
    for block in range(BLOCKS):
        # A block has rows of one source.
        source = block % 2 + 1
        lines.append({"type": "capture" if block < 2 else "source", "source": source,
                      "capture_id": f"{source:032x}"})
        for i in range(ROWS):
            close_us = START_US + block * 10**7 + rng.randrange(2 * 10**7)
            lines.append(random_row(rng, block * ROWS + i, close_us))
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    report("-q", "--input", "jsonl", "-", "--write", path, stdin=text)


# What values are, and how they may be typed

def value_of(column, row):
    """The row's value as integers and bytes, or None."""
    name = column["name"]
    if name not in row:
        return None
    value = row[name]
    if column["kind"] == "ms":
        return round(value * 1000)
    if column["kind"] == "enum":
        return ENUMERATIONS[name].index(value) if isinstance(value, str) else value
    if column["kind"] == "address":
        return ipaddress.ip_address(value)
    return unescaped(value) if column["kind"] == "name" else int(value)


def kind_of(column):
    name, unit = column["name"], column.get("unit", "")
    if name in ENUMERATIONS:
        return "enum"
    if name in ("laddr", "raddr"):
        return "address"
    if column["type"] == "string":
        return "name"
    if column["type"] == "boolean":
        return "bool"
    if name == "ms":
        return "ms"
    if "since" in unit:
        return "time"
    return {"microseconds": "duration", "bytes": "size"}.get(unit, "number")


def typed_duration(rng, us, bare):
    units = [unit for unit, factor in UNITS.items() if us % factor == 0]
    unit = rng.choice(units + [None, "ms"])
    if unit is None:
        return f"{us}" if bare == "us" else f"{us // 1000}.{us % 1000:03}"
    return f"{us // 1000}.{us % 1000:03}ms" if unit == "ms" else f"{us // UNITS[unit]}{unit}"


def typed_time(rng, us):
    if rng.random() < 0.4:
        return str(us)
    minutes = rng.choice([0, 0, 120, -330])
    zone = datetime.timezone(datetime.timedelta(minutes=minutes))
    when = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=us)
    text = when.astimezone(zone).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z") if rng.random() < 0.7 else f'"{text.replace("T", " ")}"'


def typed_name(rng, name):
    if rng.random() < 0.5 and re.fullmatch(rb"[a-z0-9-]+", name) and name not in (b"and", b"rport"):
        return name.decode()
    quote = rng.choice("'\"")
    return quote + "".join(rng.choice([f"\\x{b:02x}", f"\\x{b:02X}"]) if not 32 <= b < 127 or rng.random() < 0.1 else
                           f"\\{chr(b)}" if chr(b) in "\\" + quote else chr(b) for b in name) + quote


def typed(rng, column, value):
    kind = column["kind"]
    if kind == "size" and value % 1024 == 0 and rng.random() < 0.7:
        return f"{value // 1024}K"
    if kind in ("duration", "ms"):
        return typed_duration(rng, value, "us" if kind == "duration" else "ms")
    if kind == "time":
        return typed_time(rng, value)
    if kind == "enum":
        names = ENUMERATIONS[column["name"]]
        return names[value] if value < len(names) and names[value] != "-" and rng.random() < 0.8 else str(value)
    if kind == "bool":
        return rng.choice([["no", "false", "0"], ["yes", "true", "1"]][value])
    if kind == "name":
        return typed_name(rng, value)
    if kind == "number" and column["name"] in ("mark", "lport") and rng.random() < 0.3:
        return hex(value)
    return f'"{value}"' if rng.random() < 0.1 else str(value)


# Expressions: a text, and a function of a row that says whether it is let through

class Maker:
    def __init__(self, rng, columns, rows):
        self.rng, self.columns, self.rows = rng, columns, rows

    def value(self, column):
        """One that a row has, or is near."""
        rng = self.rng
        value = None
        for _ in range(30):
            value = value_of(column, rng.choice(self.rows))
            if value is not None:
                break
        if value is None:
            value = {"name": b"x", "address": ipaddress.ip_address("192.0.2.1"), "time": START_US}.get(column["kind"], 0)
        if column["kind"] in ("size", "duration", "ms", "time", "number") and rng.random() < 0.3:
            value = min(max(0, value + rng.choice([-1, 1, -1000, 1000])), column["most"])
        return value

    def space(self):
        return self.rng.choice(["", " ", "  ", "\n\t"])

    def compare(self, column):
        signs = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b}
        if column["kind"] not in ("enum", "bool", "name", "address"):
            signs.update({"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
                          ">=": lambda a, b: a >= b})
        sign = self.rng.choice(sorted(signs))
        others = [c for c in self.columns if c is not column and c["class"] == column["class"]]
        if others and self.rng.random() < 0.3:
            other = self.rng.choice(others)
            text, get = other["name"], lambda row: value_of(other, row)
        else:
            value = self.value(column)
            text, get = typed(self.rng, column, value), lambda row: value

        def test(row):
            a, b = value_of(column, row), get(row)
            return a is not None and b is not None and signs[sign](a, b)
        return f"{column['name']}{self.space()}{sign}{self.space()}{text}", test

    def item(self, column):
        rng, value = self.rng, self.value(column)
        if column["kind"] == "address":
            bits = rng.choice([value.max_prefixlen, rng.randrange(value.max_prefixlen + 1)])
            net = ipaddress.ip_network((value, bits), strict=False)
            text = str(value) if bits == value.max_prefixlen and rng.random() < 0.5 else str(net)
            return text, lambda a: a.version == net.version and a in net
        if column["kind"] in ("enum", "bool", "name") or rng.random() < 0.5:
            return typed(rng, column, value), lambda a: a == value
        low, high = sorted((value, self.value(column)))
        text = f"{typed(rng, column, low)}{rng.choice(['..', ' .. '])}{typed(rng, column, high)}"
        return text, lambda a: low <= a <= high

    def belongs(self, column):
        items = [self.item(column) for _ in range(self.rng.randrange(1, 5))]
        sign = self.rng.choice(["in", "not in"])
        text = items[0][0] if len(items) == 1 and self.rng.random() < 0.5 else \
            "(" + f",{self.space()}".join(item[0] for item in items) + ")"

        def test(row):
            a = value_of(column, row)
            return a is not None and any(item[1](a) for item in items) == (sign == "in")
        return f"{column['name']} {sign} {text}", test

    def match(self, column):
        """A pattern made of a name, and the same as a regular expression."""
        rng, value = self.rng, self.value(column)
        if column["kind"] == "enum":
            names = ENUMERATIONS[column["name"]]
            value = names[value % len(names)].encode()
        text, regular = "", b""
        for byte in value:
            way = rng.random()
            if way < 0.15:
                text, regular = text + "*", regular + b".*"
            elif way < 0.3:
                text, regular = text + "?", regular + b"."
            elif way < 0.4 and 97 <= byte < 122:
                text, regular = text + f"[{chr(byte)}-z]", regular + b"[" + bytes([byte]) + b"-z]"
            elif way < 0.45:
                text, regular = text + "[!Q]", regular + b"[^Q]"
            else:
                text += f"\\x{byte:02x}" if not 32 <= byte < 127 else \
                    chr(byte) if chr(byte).isalnum() else "\\" + chr(byte)
                regular += re.escape(bytes([byte]))
        if rng.random() < 0.3:
            text, regular = text + "*", regular + b".*"
        pattern = re.compile(regular, re.DOTALL)

        def test(row):
            a = value_of(column, row)
            if a is not None and column["kind"] == "enum":
                names = ENUMERATIONS[column["name"]]
                a = names[a].encode() if a < len(names) and names[a] != "-" else None
            return a is not None and bool(pattern.fullmatch(a))
        return f"{column['name']} ~ '{text}'", test

    def leaf(self):
        # Times more often than others: blocks are passed over by them.
        column = self.rng.choice(self.columns + [c for c in self.columns if c["name"] == "close_us"] * 8)
        way = self.rng.random()
        if way < 0.1:
            return f"has({self.space()}{column['name']})", lambda row: column["name"] in row
        if way < 0.2 and column["kind"] == "bool":
            return column["name"], lambda row: bool(row.get(column["name"]))
        if way < 0.4 and column["kind"] in ("name", "enum"):
            return self.match(column)
        return self.belongs(column) if way < 0.6 else self.compare(column)

    def expression(self, depth):
        way = self.rng.random() if depth else 0
        if way < 0.3:
            return self.leaf()
        a, test_a = self.expression(depth - 1)
        if way < 0.45:
            return f"{self.rng.choice(['not ', '! ', '!'])}({a})", lambda row: not test_a(row)
        b, test_b = self.expression(depth - 1)
        if way < 0.75:
            return f"({a}) {self.rng.choice(['and', '&&'])} ({b})", lambda row: test_a(row) and test_b(row)
        return f"({a}) {self.rng.choice(['or', '||'])} ({b})", lambda row: test_a(row) or test_b(row)

    def chain(self):
        """Without parentheses: 'and' binds more than 'or', 'not' more than both."""
        text, terms = "", []
        for i in range(self.rng.randrange(2, 6)):
            leaf, test = self.leaf()
            is_not = self.rng.random() < 0.3
            word = self.rng.choice(["and", "or"]) if i else "or"
            text += (f" {word} " if i else "") + ("not " if is_not else "") + leaf
            factor = (test, is_not)
            if word == "or":
                terms.append([factor])
            else:
                terms[-1].append(factor)
        return text, lambda row: any(all(test(row) != is_not for test, is_not in term) for term in terms)


def columns_of_report():
    columns = json.loads(report("--list-columns", "--json"))["columns"]
    for column in columns:
        column["kind"] = kind_of(column)
        column["class"] = {"ms": "duration", "enum": column["name"]}.get(column["kind"], column["kind"])
        if column["kind"] == "number":
            # Ports and pids, and counts, are both numbers: only what surely compares is tried.
            column["class"] = "port" if column["name"] in ("lport", "rport", "service") else \
                "pid" if column["name"].endswith("pid") else column["name"]
        column["most"] = 65535 if column["class"] == "port" else 2**32 - 1 if column["kind"] == "number" else 2**63 - 1
        if column["name"] in ("srtt_us", "min_rtt_us", "mss"):
            column["most"] = 2**32 - 1
    return columns


def check(maker, path, number):
    made = [maker.chain() if number % 3 == 0 else maker.expression(4)]
    if number % 7 == 0:
        made.append(maker.leaf())
    options = [word for text, _ in made for word in ("--filter", text)]
    lines = report("--jsonl", "--columns", "cookie", path, *options).splitlines()
    got = [json.loads(line)["cookie"] for line in lines]
    wanted = [row["cookie"] for row in maker.rows if all(test(row) for _, test in made)]
    if got != wanted:
        odd = sorted(set(got) ^ set(wanted))[:3]
        print(f"FAIL {[text for text, _ in made]}: {len(got)} rows, not {len(wanted)}: "
              f"{[row for row in maker.rows if row['cookie'] in odd][:1]}")
    return got == wanted, 0 < len(got) < len(maker.rows)


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "random.tlz")
        make_capture(rng, path)
        rows = [json.loads(line) for line in report("--jsonl", path).splitlines()]
        assert len(rows) == BLOCKS * ROWS
        maker = Maker(rng, columns_of_report(), rows)
        results = [check(maker, path, number) for number in range(EXPRESSIONS)]
    good = sum(ok for ok, _ in results)
    telling = sum(some for _, some in results)
    print(f"{'PASS' if good == EXPRESSIONS else 'FAIL'} random expressions: {good} of {EXPRESSIONS}, seed {SEED}")
    print(f"{'PASS' if telling * 3 > EXPRESSIONS else 'FAIL'} expressions that let some through: {telling}")
    return 0 if good == EXPRESSIONS and telling * 3 > EXPRESSIONS else 1


sys.exit(main())
