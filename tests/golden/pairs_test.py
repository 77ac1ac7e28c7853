#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions of three hosts that are made with both of their ends known: --pairs finds these ends, and what it says of them
and of the clocks is computed a second time.

usage: pairs_test.py TCPLIFE_REPORT FIXTURES
"""
import collections
import csv
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from summed import REPORT, SECOND, SEED, check, csv_is_json, report

START = 1777626000 * SECOND
SIDE = ("open_us", "close_us", "tx_payload_bytes", "rx_payload_bytes", "retrans_bytes", "min_rtt_us", "end")
BLAME = {"closed-here": "here", "reset-here": "here", "gave-up": "here", "unaccepted": "here", "disconnected": "here",
         "closed-there": "there", "reset-there": "there", "refused": "there"}
ABSENT = ("established_us", "fin_us", "min_rtt_us", "fin_wait1_us", "open_us", "direction")


class Fleet:
    """Hosts, each with a clock, and what their recorders saw of connections. A pid is of one connection."""

    def __init__(self, rng, clocks, absent=0.05):
        self.rng, self.clocks, self.absent = rng, clocks, absent
        self.rows = {host: [] for host in clocks}
        self.pairs = []  # (client's host, row, server's host, row)
        self.number = 0
        self.busy_until = collections.Counter()

    def add(self, host, row, at_us, times):
        """The host's row, its times by its clock."""
        row.update({name: at_us + self.clocks[host] + us for name, us in times.items()})
        self.rows[host].append(row)
        return row

    def ends(self, client_first):
        ways = [("closed-here", "closed-there"), ("reset-here", "reset-there"), ("timed-out", "reset-here"),
                ("closed-here", "closed-here"), ("reset-there", "reset-there"), ("timed-out", "timed-out")]
        one, other = self.rng.choices(ways, (20, 3, 1, 1, 1, 1))[0]
        return (one, other) if client_first else (other, one)

    def connect(self, client, server, caddr, cport, saddr, sport, seen=(True, True)):
        """A connection, in true time; the least delay each way is half of what min_rtt says."""
        rng, key = self.rng, (caddr, cport, saddr, sport)
        self.number += 1
        rtt = rng.randrange(100, 3000) if client != server else rng.randrange(2, 60)
        there, back = (rtt // 2 + rng.randrange(40) for _ in range(2))
        # A port is used again after a while, which is all that tells two connections apart.
        begin = max(START + rng.randrange(600) * SECOND, self.busy_until[key] + 3 * SECOND)
        life = rng.choice((50, 5000, 2 * SECOND, 90 * SECOND)) + rng.randrange(1000)
        self.busy_until[key] = begin + 2 * SECOND + life
        established = there + back
        child = established + there
        last = child + life
        client_first = rng.random() < 0.5
        ends = self.ends(client_first)
        first, second = (there, back) if client_first else (back, there)
        fin, heard, acknowledged = last, last + first, last + first + second
        sent = [rng.randrange(10**6) for _ in range(2)]
        lost = rng.choice((0, 0, 0, 700))
        rows = []
        for side, (host, local, remote) in enumerate(((client, (caddr, cport), (saddr, sport)),
                                                      (server, (saddr, sport), (caddr, cport)))):
            is_first = (side == 0) == client_first
            row = {"laddr": local[0], "lport": local[1], "raddr": remote[0], "rport": remote[1],
                   "direction": ("out", "in")[side], "end": ends[side], "connect_pid": self.number,
                   "connect_comm": f"program{self.number % 7}", "min_rtt_us": rtt + rng.randrange(20),
                   "sent_bytes": sent[side], "retrans_bytes": 0, "tx_bytes": sent[side] + 1,
                   "rx_bytes": max(sent[1 - side] - (lost if side == 1 else 0), 0), "fin_received": False}
            times = {"open_us": (0, child)[side], "established_us": (established, child)[side],
                     "fin_us": fin if is_first else heard, "close_us": acknowledged if is_first else acknowledged + first}
            if is_first:
                row["fin_wait1_us"] = acknowledged - fin
            for name in ABSENT:
                if rng.random() < self.absent:
                    times.pop(name, None)
                    row.pop(name, None)
            if seen[side]:
                rows.append(self.add(host, row, begin, times))
        if all(seen):
            self.pairs.append((client, rows[0], server, rows[1]))

    def write(self, folder):
        """A capture for each host; the files."""
        for host, rows in self.rows.items():
            head = {"type": "capture", "source": 1, "capture_id": f"{len(host):032x}", "host": host, "boot_id": f"of {host}"}
            lines = [json.dumps(head)] + [json.dumps(row) for row in rows]
            subprocess.run([REPORT, "-q", "--input", "jsonl", "-", "--write", folder / f"{host}.tlz"], check=True,
                           input="\n".join(lines).encode())
        return [folder / f"{host}.tlz" for host in self.rows]


def make_fleet(rng, clocks):
    fleet = Fleet(rng, clocks)
    hosts = list(clocks)
    addresses = {host: (f"192.0.2.{10 + n}", f"2001:db8::{10 + n}") for n, host in enumerate(hosts)}
    for _ in range(900):
        client, server = rng.sample(hosts, 2)
        family = rng.randrange(2)
        seen = rng.choices([(True, True), (True, False), (False, True)], (8, 1, 1))[0]
        # Few ports, so that they come again.
        fleet.connect(client, server, addresses[client][family], rng.choice((40000, 40001, rng.randrange(41000, 60000))),
                      addresses[server][family], rng.choice((443, 5432)), seen)
    for _ in range(150):  # the same addresses on every host, and nobody else's
        host = rng.choice(hosts)
        a, b = rng.choice((("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("127.0.0.1", "127.0.0.2")))
        fleet.connect(host, host, a, rng.randrange(50000, 50100), b, 8080, rng.choice(((True, True), (True, False))))
    for _ in range(20):
        host = rng.choice(hosts)
        fleet.connect(host, host, "172.17.0.2", rng.randrange(50000, 60000), "172.17.0.3", 80)
    # Behind a translation of addresses nothing is mirrored; and one that connects to itself has no other end.
    fleet.add(hosts[0], {"laddr": "10.0.0.1", "lport": 1234, "raddr": "192.0.2.11", "rport": 443}, START, {"close_us": 5})
    fleet.add(hosts[1], {"laddr": "192.0.2.11", "lport": 443, "raddr": "203.0.113.9", "rport": 1234}, START, {"close_us": 5})
    fleet.add(hosts[1], {"laddr": "192.0.2.11", "lport": 443, "raddr": "192.0.2.11", "rport": 443}, START, {"close_us": 5})
    return fleet


def offset_of(client, server):
    """(estimate, least, most) of the server's clock less the client's, as the manual has it."""
    rtts = [row["min_rtt_us"] for row in (client, server) if "min_rtt_us" in row]
    half = min(rtts) // 2 if rtts else None
    estimate, least, most = None, [], []
    if "established_us" in client and "established_us" in server:
        most.append(server["established_us"] - client["established_us"])
        estimate = most[0] - half if rtts else None
    for sender, receiver, sign in ((client, server, 1), (server, client, -1)):
        if (sender.get("end"), receiver.get("end")) != ("closed-here", "closed-there"):
            continue
        if "fin_us" not in sender or "fin_us" not in receiver:
            continue
        way = receiver["fin_us"] - sender["fin_us"]
        (most if sign > 0 else least).append(sign * way)
        if "fin_wait1_us" in sender:
            (least if sign > 0 else most).append(sign * (way - sender["fin_wait1_us"]))
        if estimate is None and rtts:
            estimate = sign * (way - half)
    least, most = max(least, default=None), min(most, default=None)
    return kept_to(estimate, least, most), least, most


def kept_to(us, least, most):
    if us is None or least is not None and most is not None and least > most:
        return us
    us = us if least is None else max(us, least)
    return us if most is None else min(us, most)


def closed_of(client, server):
    one, other = BLAME.get(client.get("end")), BLAME.get(server.get("end"))
    sides = {"client" if one == "here" else "server" if one else None,
             "server" if other == "here" else "client" if other else None} - {None}
    return "both" if one == other == "here" else "neither" if one == other == "there" else sides.pop() if sides else None


def row_of(client_host, client, server_host, server):
    row = {}
    for side, host, of in (("client", client_host, client), ("server", server_host, server)):
        row |= {f"{side}_host": host, f"{side}_addr": of["laddr"], f"{side}_port": of["lport"],
                f"{side}_pid": of.get("connect_pid"), f"{side}_comm": of.get("connect_comm")}
        row |= {f"{side}_{name}": of.get(name) for name in SIDE}
    row["same_host"] = client_host == server_host
    for name, sender, receiver in (("to_server", client, server), ("to_client", server, client)):
        missing = sender["tx_payload_bytes"] - receiver["rx_payload_bytes"]
        row[f"{name}_missing_bytes"] = missing if missing >= 0 else None
    row["closed"] = closed_of(client, server)
    row["offset_us"], row["offset_least_us"], row["offset_most_us"] = offset_of(client, server)
    return {name: value for name, value in row.items() if value is not None}


def hosts_of(fleet, hosts, stored):
    """The rows of --pairs=hosts."""
    between = collections.defaultdict(list)
    paired = collections.Counter()
    for client_host, client, server_host, server in stored:
        us, least, most = offset_of(client, server)
        if hosts.index(client_host) > hosts.index(server_host):
            us, least, most = (None if value is None else -value for value in (us, most, least))
        between[tuple(sorted((client_host, server_host), key=hosts.index))].append((us, least, most))
        paired.update((client_host, server_host))
    for key in sorted(between, key=lambda key: [hosts.index(host) for host in key]):
        known = sorted(us for us, _, _ in between[key] if us is not None)
        least = max((least for _, least, _ in between[key] if least is not None), default=None)
        most = min((most for _, _, most in between[key] if most is not None), default=None)
        row = {"host": key[0], "other": key[1], "sessions": len(between[key]), "estimates": len(known)}
        if known:
            median = known[(len(known) - 1) // 2]
            row["offset_us"] = kept_to(median, least, most)
            row["offset_spread_us"] = sorted(abs(us - median) for us in known)[(len(known) + 1) // 2 - 1]
        row |= {name: value for name, value in (("offset_least_us", least), ("offset_most_us", most)) if value is not None}
        yield row
    for host in hosts:
        alone = len(fleet.rows[host]) - paired[host]
        if alone:
            yield {"host": host, "sessions": alone}


def stored_rows(files, hosts):
    """Of each host the rows of its capture as they are read back, in order."""
    return {host: [json.loads(line) for line in report("--jsonl", file).splitlines()] for host, file in zip(hosts, files)}


def match_pairs(fleet, stored):
    """The pairs with the rows as they are read back."""
    at = {(host, json.dumps([row.get("connect_pid"), row["laddr"], row["lport"]])): row for host, rows in stored.items() for row in rows}
    return [(client_host, at[client_host, json.dumps([client["connect_pid"], client["laddr"], client["lport"]])],
             server_host, at[server_host, json.dumps([server["connect_pid"], server["laddr"], server["lport"]])])
            for client_host, client, server_host, server in fleet.pairs]


def try_fleet(name, clocks):
    with tempfile.TemporaryDirectory() as folder:
        fleet = make_fleet(random.Random(SEED), clocks)
        hosts, files = list(clocks), fleet.write(pathlib.Path(folder))
        pairs = match_pairs(fleet, stored_rows(files, hosts))
        wanted = sorted((row_of(*pair) for pair in pairs), key=lambda row: (row["client_close_us"], row["client_pid"]))
        got = sorted((json.loads(line) for line in report("--pairs", "--jsonl", *files).splitlines()),
                     key=lambda row: (row["client_close_us"], row["client_pid"]))
        wrong = []
        if [row["client_pid"] for row in got] != [row["server_pid"] for row in got]:
            wrong.append("ends of different connections")
        if got != wanted:
            other = next((a, b) for a, b in zip(got + [{}], wanted + [{}]) if a != b)
            wrong.append(f"{len(got)} pairs, {len(wanted)} wanted: {dict(other[0].items() - other[1].items())} and not "
                         f"{dict(other[1].items() - other[0].items())}")
        of_hosts = [json.loads(line) for line in report("--pairs=hosts", "--jsonl", *files).splitlines()]
        if of_hosts != list(hosts_of(fleet, hosts, pairs)):
            wrong.append(f"{of_hosts} and not {list(hosts_of(fleet, hosts, pairs))}")
        for row in of_hosts:
            true = clocks[row["other"]] - clocks[row["host"]] if "other" in row else None
            if "other" in row and not (row["offset_least_us"] <= true <= row["offset_most_us"] and
                                       abs(row["offset_us"] - true) <= 40):
                wrong.append(f"{row}: the clocks differ by {true}")
        for option in ("--pairs", "--pairs=hosts"):
            if not csv_is_json(files, (option,), "pairs", ("same_host",)):
                wrong.append(f"CSV of {option}")
        turned = {row["client_pid"] for row in map(json.loads, report("--pairs", "--jsonl", *reversed(files)).splitlines())}
        if turned != {row["client_pid"] for row in wanted}:
            wrong.append("other pairs in another order of files")
        return check(name, wrong, len(wanted), "pairs")


def try_choice():
    """Filters choose sessions, of which both ends have to be let through; columns, order and number are of pairs."""
    with tempfile.TemporaryDirectory() as folder:
        clocks = {"a": 0, "bb": 300, "ccc": -300}
        fleet = make_fleet(random.Random(SEED), clocks)
        files = fleet.write(pathlib.Path(folder))
        every = [json.loads(line) for line in report("--pairs", "--jsonl", *files).splitlines()]
        wrong = []
        some = [json.loads(line) for line in report("--pairs", "--jsonl", "--filter", "lport == 443 or rport == 443", *files).splitlines()]
        if some != [row for row in every if row["server_port"] == 443] or not some:
            wrong.append("a filter of both ends")
        if report("--pairs", "--jsonl", "--filter", "lport == 443", *files):
            wrong.append("a filter of one end")
        top = list(csv.DictReader(io.StringIO(report("--pairs", "--csv", "--sort", "offset_us:asc", "--top", "5", "--columns",
                                                     "offset_us,client_pid", *files))))
        least = sorted(row["offset_us"] for row in every if "offset_us" in row)[:5]
        if [int(row["offset_us"]) for row in top] != least or least[0] >= 0 or list(top[0]) != ["offset_us", "client_pid"]:
            wrong.append(f"the least offsets, {top}")
        for option in ("--pairs", "--pairs=hosts"):
            names = [line.split(",")[0] for line in report("--list-columns", option, "--csv").splitlines()[1:]]
            if report(option, "--csv", *files).splitlines()[0].split(",") != names:
                wrong.append(f"columns of {option}")
        return check("choice", wrong, len(every), "pairs")


def try_two():
    """Two connections whose times are a day apart are no evidence of a clock; three that agree are."""
    wrong = []
    for count, found in ((1, 0), (2, 0), (3, 3), (7, 7)):
        with tempfile.TemporaryDirectory() as folder:
            fleet = Fleet(random.Random(SEED), {"a": 0, "bb": 86400 * SECOND}, absent=0)
            for port in range(count):
                fleet.connect("a", "bb", "192.0.2.1", 40000 + port, "192.0.2.2", 443)
            rows = report("--pairs", "--jsonl", *fleet.write(pathlib.Path(folder))).splitlines()
            if len(rows) != found:
                wrong.append(f"{len(rows)} pairs of {count}")
    return check("a day apart", wrong, 4, "fleets")


def try_empty():
    """Nothing is no pair, in any form."""
    empty = pathlib.Path(sys.argv[2]) / "good-empty.tlz"
    wrong = [option for option in ("--pairs", "--pairs=hosts")
             if json.loads(report(option, "--json", empty))["pairs"] or report(option, "--jsonl", empty)]
    return check("empty", wrong, 2, "views")


good = [try_fleet("one clock", {"a": 0, "bb": 0, "ccc": 0}),
        try_fleet("clocks within a second", {"a": 0, "bb": 250000, "ccc": -499000}),
        try_fleet("clocks hours apart", {"a": 0, "bb": 7200 * SECOND + 17, "ccc": -3600 * SECOND}),
        try_choice(), try_two(), try_empty()]
sys.exit(0 if all(good) else 1)
