#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--anonymize: nothing of what it replaces is left, in any byte of the new capture or of any report; what it puts in its
place is what anonymous.py computes; prefixes stay; filters see what was recorded.

usage: anonymize_test.py TCPLIFE_REPORT
"""
import ipaddress
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

try:
    import xxhash  # noqa: F401
    import zstandard
except ImportError as missing:
    print(f"SKIP anonymize: {missing.name} is not there for {sys.executable}")
    sys.exit(77)

import dump
from anonymous import Anonymous, is_special
from tlz_fields import MAPPED

REPORT = str(pathlib.Path(sys.argv[1]).resolve())
KEY, OTHER_KEY = bytes(range(100, 132)), bytes(range(50, 82))
NETWORKS, IN_NETWORK, PAIRS = 40, 30, 30000
ZSTD_MAGIC = bytes.fromhex("28b52ffd")
TIME = 1777626000000000

# What is in the place of each stored field and tag: a class of pseudonyms, "address", "id", or a function of the value.
# Everything else is kept.
REPLACED = {
    **{name: "pid" for name in ("pid", "connect_pid", "io_pid", "closer_pid", "accept_pid", "listen_pid",
                                "task_file_pid", "owner_pid")},
    **{name: "comm" for name in ("comm", "connect_comm", "io_comm", "closer_comm", "accept_comm", "listen_comm",
                                 "task_file_comm", "owner_comm")},
    **{name: name for name in ("uid", "netns", "cgroup", "cookie", "socket", "mark", "interface", "host")},
    "own_netns": "netns", "boot_id": "boot", "laddr": "address", "raddr": "address", "capture_id": "id",
    "filters": lambda _: b"(left out)",
}
# What is kept where it has a form that is known.
ROOT = pathlib.Path(__file__).resolve().parents[2]
HOOKS = sorted({hook for source in (ROOT / "bpf").glob("*.[ch]") for hook in
                re.findall(r'SEC\("\??([a-z_]+/[a-z_0-9/]+)"\)', source.read_text())}
               | {"map/ringbuf", "map/perf_event_array", "map/sk_storage", "map/hash"})
OWNERS = ["connect", "io", "close", "accept", "listen", "task-file"]
FIELDS_NOT_KNOWN = ["accept_pid", "accept_comm", "io_pid", "io_comm"]
REASONS = ["interrupted", "terminated", "duration", "command ended", "count", "rotated", "snapshot", "command not run"]
FLAWS = "what it was made from has (no end|[0-9]+ damaged places?)(, [0-9]+ (damaged place|missing block)s?)*"
VERSION = re.compile(rb"([0-9]{1,5}(?![0-9])(\.[0-9]{1,5}(?![0-9])){0,2})?")
PATTERNS = {
    "program": "tcplife-(record|report)", "machine": "x86_64|aarch64",
    **{tag: f"({'|'.join(words)})( ({'|'.join(words)}))*" for tag, words in (
        ("hooks", HOOKS), ("owner_sources", OWNERS), ("fields_not_known", FIELDS_NOT_KNOWN))},
    "reason": f"(({'|'.join(REASONS)})(; {FLAWS})*|{FLAWS}(; {FLAWS})*)",
}
FORMS = {
    **{tag: lambda text, form=re.compile(form.encode()): text if form.fullmatch(text) else None
       for tag, form in PATTERNS.items()},
    **{tag: lambda text: VERSION.match(text)[0] or None for tag in ("version", "kernel")},
}
CONGESTION = {b"cubic", b"bbr", b"reno", b"dctcp"}
DROPPED = {"command_line", "rights", "note", "time_zone", "provenance"}
# Of these the report says how it came to be, or counts anew.
OWN = {"provenance", "anonymized", "total_blocks", "index_offset"}

CAPTURE = {
    "type": "capture", "source": 1, "capture_id": "5ca1ab1e0badcafe5ca1ab1e0badcafe", "program": "tcplife-record",
    "version": "0.1.0", "command_line": "tcplife-record -o /srv/acme/secret.tlz --uid 71717",
    "created_us": TIME, "host": "acme-db7.corp.example", "kernel": "6.1.55-acmekernel", "machine": "x86_64",
    "boot_id": "0badcafe-5ca1-4b1e-8bad-cafe5ca1ab1e", "time_zone": "Antarctica/Troll", "processors": 24,
    "filters": "--uid 71717 --cgroup 8675309123", "hooks": "tp_btf/inet_sock_set_state", "note": "for ACME's board",
    "rights": "roadrunner, no capabilities, seccomp",
    "provenance": "tcplife-report 0.1.0 from acme-db7-20260501.tlz", "own_netns": 4026599991,
}
NAMES = [
    {"type": "name", "source": 1, "kind": "uid", "id": 71717, "name": "wile.e.coyote"},
    {"type": "name", "source": 1, "kind": "cgroup", "id": 8675309123, "name": "/acme.slice/anvil.service"},
    {"type": "name", "source": 1, "kind": "cgroup", "id": 8675309124, "name": "/acme.slice/anvil.service/worker"},
    {"type": "name", "source": 1, "kind": "netns", "id": 4026599991, "name": "acme-vpn"},
]
SESSION = {
    "open_us": TIME, "close_us": TIME + 5000, "lport": 40123, "rport": 5432, "direction": "out", "service": 5432,
    "tx_bytes": 12345, "congestion": "cubic", "uid": 71717, "netns": 4026599991, "cgroup": 8675309123,
    "v6_socket": False, "mark": 987654321, "interface": 871236, "cookie": 190008471523,
    "connect_pid": 1717171, "connect_comm": "anvil-frontend", "io_pid": 1717172, "io_comm": "anvil-io",
    "closer_pid": 1717173, "closer_comm": "anvil-closer", "accept_pid": 1717174, "accept_comm": "anvil-accept",
    "listen_pid": 1717175, "listen_comm": "anvil-listen", "task_file_pid": 1717176, "task_file_comm": "anvil-file",
}
STATE = {
    "time_us": TIME + 100, "old_state": "SYN_SENT", "new_state": "ESTABLISHED", "in_old_us": 100,
    "socket": 201234567891234, "pid": 1717177, "comm": "anvil-task",
    **{name: value for name, value in SESSION.items() if name not in (
        "open_us", "close_us", "direction", "service", "tx_bytes", "congestion", "mark", "interface", "cookie")},
}
ADDRESSES = [("203.0.113.77", "198.51.100.93"), ("2001:db8:acae::77:93", "2001:db8:beef::93:77"),
             ("169.254.77.93", "127.0.0.1"), ("fe80::a1b2:c3ff:fed4:e5f6", "::1")]
OF_NO_ONE = {"127.0.0.1", "::1"}
END = {"type": "end", "clean_end": True, "ended_us": TIME + 10000000, "reason": "duration"}


def secret_lines():
    rows = []
    for laddr, raddr in ADDRESSES:
        rows += [{**SESSION, "laddr": laddr, "raddr": raddr}, {**STATE, "laddr": laddr, "raddr": raddr}]
    return [CAPTURE, *NAMES, *rows, END]


def secret_texts():
    """What must not be found, as reports show it."""
    texts = [CAPTURE[tag] for tag in ("command_line", "host", "boot_id", "time_zone", "filters", "note", "rights",
                                      "provenance", "capture_id")]
    texts += [part for name in NAMES for part in name["name"].split("/") if part]
    texts += ["acme", "ACME", "anvil", "coyote", "0badcafe"]
    texts += [value for name, value in {**SESSION, **STATE}.items() if name.endswith("comm")]
    addresses = {text for pair in ADDRESSES for text in pair} - OF_NO_ONE
    numbers = {row[name] for row in (SESSION, STATE) for name in row if REPLACED.get(name) and isinstance(row[name], int)}
    return [text.encode() for text in texts], sorted(addresses), sorted(numbers)


def secrets():
    """The same, in each way in which it may be written."""
    texts, addresses, numbers = secret_texts()
    yield from texts
    yield bytes.fromhex(CAPTURE["capture_id"])
    for text in addresses:
        yield from (text.encode(), ipaddress.ip_address(text).packed)
    for number in numbers:
        yield from (str(number).encode(), b"%x" % number, *(number.to_bytes(size, order) for size in (4, 8)
                    for order in ("little", "big") if number < 1 << 8 * size))


def decompressed(data):
    """The bytes of every zstd frame that stands somewhere in them."""
    at = data.find(ZSTD_MAGIC)
    while at >= 0:
        try:
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[at:])
        except zstandard.ZstdError:
            pass
        at = data.find(ZSTD_MAGIC, at + 1)


class Failure(Exception):
    """The case failed; its text says why."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def report(*arguments, status=0):
    """What it prints. Standard error is for who ran it, and names what it read."""
    run = subprocess.run([REPORT, "-q", *map(str, arguments)], capture_output=True, check=False)
    expect(run.returncode == status, f"{arguments}: {run.returncode} {run.stderr.decode()}")
    return run.stdout


class Captures:
    """A folder with the capture of secrets, keys, and what becomes of it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name, key in (("key", KEY), ("other-key", OTHER_KEY)):
            (self.folder / name).write_bytes(key)
            (self.folder / name).chmod(0o600)
        self.key, self.other_key = self.folder / "key", self.folder / "other-key"
        self.secret = self.make("acme-secret", secret_lines())

    def make(self, name, lines):
        source, capture = self.folder / f"{name}.jsonl", self.folder / f"{name}.tlz"
        source.write_text("".join(json.dumps(line) + "\n" for line in lines))
        report("--input", "jsonl", source, "--write", capture)
        return capture

    def anonymize(self, capture, name, *arguments, key=None):
        made = self.folder / f"{name}.tlz"
        report(capture, f"--anonymize={key or self.key}", "--write", made, "-f", *arguments)
        return made


def values_in(path):
    """Each value that the second reader finds, and the lines."""
    lines = list(dump.lines(path.read_bytes()))
    values = {value for line in lines for value in line.values() if isinstance(value, (bytes, int))}
    return lines, values


FILTERED = ["--filter", "connect_comm == 'anvil-frontend' and raddr in (198.51.100.0/24, ::/0)", "-u", "wile.e.coyote"]


def try_bytes(captures):
    """Not a secret in the file, nor in what is compressed in it, nor in a value; nor how its rows were selected."""
    originals = {value for line in secret_lines()[:-1] for name, value in line.items()
                 if name in REPLACED or name in DROPPED}
    originals |= {value.encode() for value in originals if isinstance(value, str)}
    for arguments in ([], FILTERED):
        made = captures.anonymize(captures.secret, "for-you", *arguments)
        data = made.read_bytes()
        haystacks = [data, *decompressed(data)]
        for secret in secrets():
            expect(not any(secret in hay for hay in haystacks), f"{secret} is still there with {arguments}")
        _, values = values_in(made)
        left = {value for value in values if value in originals}
        expect(not left, f"{left} are still values with {arguments}")


VIEWS = ([], ["--states"], ["--flows"], ["--flows=uid,raddr/24,connect_comm"], ["--histogram", "raddr"],
         ["--histogram", "connect_comm"], ["--timeline", "1s"],
         ["--summary", *FILTERED], ["--info"],
         ["--verify"])
FORMATS = ([], ["--csv"], ["--json"], ["--jsonl"])


def try_reports(captures):
    """Not a secret in a report either; without --anonymize each is in one of them, so the test can fail."""
    shown = b""
    compared = ["--flows=connect_comm,raddr", "--compare", captures.secret]
    for view, form in itertools.product((*VIEWS, compared), FORMATS):
        has_all = form[:1] == ["--json"] or {"--info", "--verify", "--compare"} & set(view)
        columns = [] if has_all else ["--columns", all_columns(view)]
        for more in ([], columns):
            plain = [captures.secret, *view, *form, *more]
            shown += report(*plain)
            got = report(*plain, f"--anonymize={captures.key}")
            for secret in secrets():
                expect(len(secret) < 5 or secret not in got, f"{secret} is in {plain}")
    meta = [captures.secret, "--jsonl", "--with-meta", "--sessions", "--states"]
    shown += report(*meta)
    got = report(*meta, f"--anonymize={captures.key}")
    expect(not [secret for secret in secrets() if len(secret) >= 5 and secret in got], f"secrets are in {meta}")
    texts, addresses, numbers = secret_texts()
    for text in (*texts, *(address.encode() for address in addresses), *(str(n).encode() for n in numbers)):
        expect(text in shown, f"{text} is nowhere without --anonymize")


def try_jobs(captures):
    """Threads that write rows ahead write none that is as it was."""
    for view, form in itertools.product(([], ["--states"]), (["--csv", "--columns", "laddr,uid"], ["--json"], ["--jsonl"])):
        one, four = (report(captures.secret, *view, *form, f"--anonymize={captures.key}", "--jobs", jobs)
                     for jobs in (1, 4))
        expect(one == four, f"--jobs 4 {view} {form} shows other rows")


def all_columns(view):
    asked = itertools.takewhile(lambda word: word != "--filter", view)
    listed = report("--list-columns", "--csv", *asked).decode().splitlines()[1:]
    return ",".join(line.split(",")[0] for line in listed)


def replaced(anonymous, name, value):
    """What must be in the place of a stored value."""
    how = FORMS.get(name) or REPLACED.get(name)
    if name == "congestion" and value.rstrip(b"\0") not in CONGESTION:
        return anonymous.name(value.rstrip(b"\0"), "congestion").ljust(len(value), b"\0")
    if how is None:
        return value
    if callable(how):
        return how(value)
    if how == "id":
        return anonymous.id(value)
    if how == "address":
        v4 = value.startswith(MAPPED)
        packed = anonymous.address(ipaddress.ip_address(value[12:] if v4 else value)).packed
        return MAPPED + packed if v4 else packed
    return anonymous.number(value, how) if isinstance(value, int) else anonymous.name(value.rstrip(b"\0"), how)


def name_of_path(anonymous, name):
    return b"/".join(part and anonymous.name(part, "cgroup") for part in name.split(b"/"))


def expected_line(anonymous, line):
    if line.get("type") != "name":
        new = {name: replaced(anonymous, name, value) for name, value in line.items() if name not in DROPPED | OWN}
        return {name: value for name, value in new.items() if value is not None}
    kind = {1: "cgroup", 2: "netns", 3: "uid"}[line["kind"]]
    name = name_of_path(anonymous, line["name"]) if kind == "cgroup" else anonymous.name(line["name"], kind)
    return {**line, "number": anonymous.number(line["number"], kind), "name": name}


def check_lines(capture, made, key):
    """Each line of the second reader's is what anonymous.py makes of it."""
    anonymous = Anonymous(key)
    (before, _), (after, _) = values_in(capture), values_in(made)
    expect(len(before) == len(after), f"{len(before)} lines became {len(after)}")
    wanted = [expected_line(anonymous, line) for line in before]
    got = [{name: value.rstrip(b"\0") if name.endswith("comm") else value for name, value in line.items()
            if name not in OWN} for line in after]
    # Rows of several sources are written in the order of their times.
    for one, other in zip(sorted(wanted, key=in_order), sorted(got, key=in_order)):
        expect(one == other, f"there is\n{other} and not\n{one}")
    for line in after:
        if line.get("type") == "metadata":
            expect(line["anonymized"] == anonymous.name(b"name", "key"), "the mark is another")


def in_order(line):
    """Of lines that are equal it is equal."""
    return sorted((name, repr(value)) for name, value in line.items())


def try_values(captures):
    check_lines(captures.secret, captures.anonymize(captures.secret, "values"), KEY)
    for fixture in ("sample", "good-states", "good-losses", "good-two-hosts", "good-enumerations", "good-hostile"):
        capture = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / f"{fixture}.tlz"
        check_lines(capture, captures.anonymize(capture, fixture), KEY)


def many_addresses(version):
    """Addresses in networks of every size, the same in each run."""
    width, numbers = (32, 128)[version == 6], random.Random(version)
    for _ in range(NETWORKS):
        network = numbers.getrandbits(width)
        for _ in range(IN_NETWORK):
            bits = numbers.randrange(width)
            yield ipaddress.ip_address(network ^ numbers.getrandbits(bits)) if version == 4 else \
                ipaddress.IPv6Address(network ^ numbers.getrandbits(bits))
    if version == 6:
        for _ in range(IN_NETWORK):
            yield ipaddress.IPv6Address(int(ipaddress.ip_address("fe80::")) ^ numbers.getrandbits(numbers.randrange(65)))


def common_bits(a, b):
    return a.max_prefixlen - (int(a) ^ int(b)).bit_length()


def mapping(captures, name, addresses, key):
    """What the reporter makes of addresses, in a capture of them."""
    rows = [{"close_us": TIME + i, "laddr": str(address), "lport": 1, "raddr": str(address), "rport": 2}
            for i, address in enumerate(addresses)]
    capture = captures.make(name, rows)
    lines = report(capture, f"--anonymize={key}", "--jsonl", "--columns", "laddr,raddr").decode().splitlines()
    shown = [json.loads(line) for line in lines]
    expect(all(line["laddr"] == line["raddr"] for line in shown), "one address has two names")
    return [ipaddress.ip_address(line["laddr"]) for line in shown]


def try_prefixes(captures):
    """Of thousands of pairs the common prefixes are as long as before; exceptions are just those that are documented."""
    anonymous = Anonymous(KEY)
    for version in (4, 6):
        addresses = sorted(set(many_addresses(version)))
        others = mapping(captures, f"many-{version}", addresses, captures.key)
        expect([anonymous.address(a) for a in addresses] == others, "an address became another")
        expect(len(set(others)) == len(others), "two became the same")
        pairs = random.Random(1).choices(range(len(addresses)), k=2 * PAIRS)
        # Those that are of a kind of their own.
        moved = {i for i, address in enumerate(addresses)
                 if anonymous.lands_on_special(address) or is_special(address)}
        lengths = set()
        for i, j in zip(pairs[::2], pairs[1::2]):
            before, after = common_bits(addresses[i], addresses[j]), common_bits(others[i], others[j])
            lengths.add(before)
            short = 16 if version == 4 else 10
            expect(before == after or (before < short and after < short and (i in moved or j in moved)),
                   f"{addresses[i]} and {addresses[j]} had {before} bits in common, now {after}")
        expect(len(lengths) > 20, f"only {len(lengths)} lengths were tried")


def try_zeros(captures):
    """The zeros of link-local addresses show no bit of a key: they stay; nor do an address's tell of another family's."""
    addresses = [ipaddress.ip_address(f"fe80::{i:x}") for i in range(1, 50)]
    others = mapping(captures, "zeros", addresses, captures.key)
    expect(all(int(other) >> 64 == int(addresses[0]) >> 64 for other in others), "a link-local address has another network")
    pans = Anonymous(KEY).pans
    expect(pans[4].pad != pans[6].pad and not set(pans[4].masks) & set(pans[6].masks), "IPv4 and IPv6 have one pad")
    expect(len(set(pans[6].masks)) == 128, "two lengths have one mask")


def try_mapped(captures):
    """An IPv4 address is the same in a socket of IPv6."""
    rows = [{"close_us": TIME, "laddr": "203.0.113.77", "lport": 1, "raddr": "203.0.113.77", "rport": 2,
             "v6_socket": flag} for flag in (False, True)]
    capture = captures.make("mapped", rows)
    text = report(capture, f"--anonymize={captures.key}", "--columns", "family,laddr,v6_socket", "--csv").decode()
    four, six = text.splitlines()[1:]
    expect(four == six.replace("true", "false").replace(",1", ",0") and four.startswith("4,"), f"{four}, {six}")


def try_keys(captures):
    """The same key, the same bytes; another, other names; none, a new one in each run."""
    first = captures.anonymize(captures.secret, "first").read_bytes()
    expect(captures.anonymize(captures.secret, "second").read_bytes() == first, "the same key gave other bytes")
    _, one = values_in(captures.folder / "first.tlz")
    _, two = values_in(captures.anonymize(captures.secret, "third", key=captures.other_key))
    original, _ = values_in(captures.secret)
    kept = {value for line in original for name, value in line.items()
            if name not in REPLACED and isinstance(value, (bytes, int))}
    small = {value for value in one if isinstance(value, int) and value < 1 << 12}
    same = {value for value in one & two - kept - small if not isinstance(value, bytes) or b"tcplife" not in value}
    same -= {MAPPED + ipaddress.ip_address("127.0.0.1").packed, ipaddress.ip_address("::1").packed, b"(left out)",
             b"6.1.55"}
    same = {v for v in same if not (isinstance(v, int) and v > TIME // 2)}
    expect(not same, f"two keys have {same} in common")
    runs = {report(captures.secret, "--anonymize", "--csv", "--columns", "connect_comm") for _ in range(3)}
    expect(len(runs) == 3, "two runs without a key have the same names")


def try_filters(captures):
    """They see what was recorded; in the new capture, what is there."""
    words = (["--filter", "connect_comm == 'anvil-frontend' and raddr in 198.51.100.0/24"], ["--uid", "wile.e.coyote"],
             ["--uid", "71717"], ["--cgroup", "/acme.slice"], ["--cgroup", "8675309123"], ["--netns", "self"],
             ["--netns", "acme-vpn"], ["-p", "1717171"])
    for word in words:
        plain = report(captures.secret, "--columns", "close_us", "--csv", *word)
        got = report(captures.secret, "--columns", "close_us", "--csv", *word, f"--anonymize={captures.key}")
        expect(plain == got and len(got.splitlines()) > 1, f"{word}: {got}")
    made = captures.anonymize(captures.secret, "filtered")
    anonymous = Anonymous(KEY)
    path = name_of_path(anonymous, b"/acme.slice").decode()
    for word in (["--netns", "self"], ["--cgroup", path], ["--uid", anonymous.name(b"wile.e.coyote", "uid").decode()]):
        expect(len(report(made, "--csv", *word).splitlines()) == 1 + len(ADDRESSES), f"{word} of the new capture")


def try_mark(captures):
    """--info and JSON tell that it is anonymized, and by which keys."""
    names = [Anonymous(key).name(b"name", "key").decode() for key in (KEY, OTHER_KEY)]
    made = captures.anonymize(captures.secret, "marked")
    twice = captures.anonymize(made, "twice", key=captures.other_key)
    merged = captures.folder / "merged.tlz"
    report(captures.secret, captures.secret, f"--anonymize={captures.key}", "--write", merged, status=0)
    for capture, mark in ((made, names[0]), (twice, ", ".join(names)), (merged, names[0])):
        told = json.loads(report(capture, "--json", "--info"))["captures"]
        expect(all(one["anonymized"] == mark for one in told), f"{capture.name}: {told[0].get('anonymized')}")
        expect(re.search(f"^anonymized +{mark}$", report(capture, "--info").decode(), re.M), f"--info of {capture.name}")
    expect("anonymized" not in json.loads(report(captures.secret, "--json", "--info"))["captures"][0], "a mark too many")


def try_forms(captures):
    """Texts that may be anybody's go; those of the recorder, of the reporter and of Linux stay."""
    hostile = {**CAPTURE, "program": "acme-record", "version": "0.1.0-acme", "machine": "acme64",
               "kernel": "6.1.198.51.100.93", "hooks": f"{HOOKS[0]} acme/hook", "owner_sources": "connect acme",
               "fields_not_known": "io_pid anvil_pid", "anonymized": "acme, anvil"}
    row = {**SESSION, "laddr": "192.0.2.1", "raddr": "192.0.2.2", "congestion": "acme_cc"}
    end = {**END, "reason": "for ACME; what it was made from has no end"}
    capture = captures.make("forms", [hostile, row, end])
    made = captures.anonymize(capture, "formless")
    check_lines(capture, made, KEY)
    for hay in (made.read_bytes(), *decompressed(made.read_bytes())):
        expect(not re.search(b"acme|anvil|51.100", hay, re.I), "a text of another form is still there")
    expect(len(HOOKS) >= 7, f"these are all hooks: {HOOKS}")
    flaws = ["no end", "1 damaged place", "no end, 2 damaged places, 18446744073709551615 missing blocks"]
    reasons = [*REASONS, *(f"duration; what it was made from has {flaw}" for flaw in flaws),
               f"what it was made from has {flaws[0]}"]
    for reason in reasons:
        told = of_ended(captures, reason)
        kept = {name: told.get(name) for name in ("program", "version", "machine", "hooks", "owner_sources",
                                                       "fields_not_known", "reason")}
        expect(kept == {"program": "tcplife-record", "version": "0.1.0", "machine": "x86_64", "hooks": " ".join(HOOKS),
                        "owner_sources": " ".join(OWNERS), "fields_not_known": " ".join(FIELDS_NOT_KNOWN), "reason": reason}, f"known texts became {kept}")
    for reason in ("duration ", "Duration", "durations", "duration; ", "duration; what it was made from has ",
                   "what it was made from has no end, ", "duration; what it was made from has 2 secrets"):
        expect("reason" not in of_ended(captures, reason), f"the reason {reason} is told")


def of_ended(captures, reason):
    """What is told of a capture that ended so."""
    capture = captures.make("ended", [{**CAPTURE, "hooks": " ".join(HOOKS), "owner_sources": " ".join(OWNERS),
                                       "fields_not_known": " ".join(FIELDS_NOT_KNOWN)}, {**END, "reason": reason}])
    told = json.loads(report(capture, "--json", "--info", f"--anonymize={captures.key}"))["captures"][0]
    capture.unlink()
    return told


def try_undescribed(captures):
    """A capture whose metadata is damaged is marked when it is written."""
    for name in ("bad-missing-file-metadata", "bad-missing-metadata"):
        capture = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / f"{name}.tlz"
        made = captures.folder / f"{name}.tlz"
        report(capture, f"--anonymize={captures.key}", "--write", made, status=3)
        told = json.loads(report(made, "--json", "--info"))["captures"]
        expect(all("anonymized" in one for one in told), f"{name} is not marked")


CASES = (try_bytes, try_reports, try_jobs, try_values, try_prefixes, try_zeros, try_mapped, try_keys, try_filters, try_mark, try_forms, try_undescribed)


def main():
    failed = False
    os.environ["TZ"] = "UTC"
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(Captures(folder))
                print(f"PASS {case.__name__}")
            except Failure as failure:
                failed = True
                print(f"FAIL {case.__name__}: {failure}")
    return 1 if failed else 0


sys.exit(main())
