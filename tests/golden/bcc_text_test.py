#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Text and CSV against bcc's tcplife rendered a second time, from its own format strings.

usage: bcc_text_test.py TCPLIFE_REPORT [SEED]

Random sessions are printed by the reporter and, from the values that went in, as tools/tcplife.py
prints its events; every byte must be the same.
"""
import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

REPORT = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20260501
SESSIONS = 20000
EPOCH_US = 1777626000 * 1000000

# tools/tcplife.py: header_string and format_string of each mode.
FORMATS = {
    "": ("%-5s %-10.10s %s%-15s %-5s %-15s %-5s %5s %5s %s",
         "%-5d %-10.10s %s%-15s %-5d %-15s %-5d %5d %5d %.2f"),
    "-w": ("%-5s %-16.16s %-2s %-39s %-5s %-39s %-5s %6s %6s %s",
           "%-5d %-16.16s %-2s %-39s %-5d %-39s %-5d %6d %6d %.2f"),
    "-s": ("%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", "%d,%s,%s,%s,%s,%s,%d,%d,%d,%.2f"),
}


def random_us(rng):
    """Lifespans of every length; many whose third decimal is a 5."""
    us = rng.randrange(10 ** rng.randrange(1, 13))
    return us - us % 10 + 5 if rng.random() < 0.5 else us


def random_address(rng, v6):
    if not v6:
        return bytes(10) + b"\xff\xff" + rng.randbytes(4)
    groups = [rng.choice((0, 0, 1, rng.randrange(65536))) for _ in range(8)]
    if groups[:5] == [0] * 5:
        groups[0] = 0x2001
    return b"".join(group.to_bytes(2, "big") for group in groups)


def random_session(rng, i):
    family = rng.choice((4, 6, 46))  # 46: an IPv4 peer on an IPv6 socket
    us = random_us(rng)
    close_us = EPOCH_US + i * 12345
    return {"family": family, "us": us, "close_us": close_us, "pid": rng.randrange(1, 4194305),
            "comm": "".join(rng.choice("abcXYZ0189 ._-/:()") for _ in range(rng.randrange(17))).lstrip("-"),
            "laddr": random_address(rng, family == 6), "raddr": random_address(rng, family == 6),
            "lport": rng.randrange(65536), "rport": rng.randrange(65536),
            "tx": rng.randrange(2 ** rng.randrange(1, 50)), "rx": rng.randrange(2 ** rng.randrange(1, 50))}


def recipe(session):
    return json.dumps({
        "close_us": session["close_us"], "established_us": session["close_us"] - session["us"],
        "connect_pid": session["pid"], "connect_comm": session["comm"], "v6_socket": session["family"] != 4,
        "laddr": socket.inet_ntop(socket.AF_INET6, session["laddr"]),
        "raddr": socket.inet_ntop(socket.AF_INET6, session["raddr"]),
        "lport": session["lport"], "rport": session["rport"],
        "tx_bytes": session["tx"], "rx_bytes": session["rx"]})


def address(session, key):
    if session["family"] == 4:
        return socket.inet_ntop(socket.AF_INET, session[key][12:])
    return socket.inet_ntop(socket.AF_INET6, session[key])


def bcc(sessions, mode, times, timestamps):
    """What bcc prints, as tools/tcplife.py does it."""
    header, row = FORMATS[mode]
    csv, ip = mode == "-s", mode != ""
    lines = [(("TIME," if csv else "%-8s " % "TIME") if times else "")
             + (("TIME(s)," if csv else "%-9s " % "TIME(s)") if timestamps else "")
             + header % ("PID", "COMM", "IP" if ip else "", "LADDR", "LPORT", "RADDR", "RPORT", "TX_KB", "RX_KB", "MS")]
    for s in sessions:
        clock = time.strftime("%H:%M:%S", time.gmtime(s["close_us"] // 1000000))
        delta = float(s["close_us"] - sessions[0]["close_us"]) / 1000000
        lines.append((("%s," % clock if csv else "%-8s " % clock) if times else "")
                     + (("%.6f," % delta if csv else "%-9.6f " % delta) if timestamps else "")
                     + row % (s["pid"], s["comm"], ("4" if s["family"] == 4 else "6") if ip else "",
                              address(s, "laddr"), s["lport"], address(s, "raddr"), s["rport"],
                              s["tx"] / 1024, s["rx"] / 1024, float(s["us"]) / 1000))
    return lines


def first_difference(wanted, got):
    for a, b in zip(wanted, got):
        if a != b:
            return f"wanted {a!r}, got {b!r}, seed {SEED}"
    return f"{len(wanted)} lines wanted, {len(got)} got, seed {SEED}"


def main():
    rng = random.Random(SEED)
    sessions = [random_session(rng, i) for i in range(SESSIONS)]
    good = True
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder) / "in.jsonl"
        lines.write_text('{"type":"capture","time_zone":"UTC"}\n' + "\n".join(map(recipe, sessions)) + "\n")
        capture = str(pathlib.Path(folder) / "in.tlz")
        subprocess.run([REPORT, "-q", "--input", "jsonl", lines, "--write", capture], check=True)
        for mode in FORMATS:
            for extra in ([], ["-T"], ["-t"], ["-T", "-t"]):
                options = [mode] * bool(mode) + extra
                run = subprocess.run([REPORT, capture, *options], check=True, capture_output=True, text=True)
                wanted = bcc(sessions, mode, "-T" in extra, "-t" in extra)
                same = run.stdout == "\n".join(wanted) + "\n"
                name = "bcc's bytes " + (" ".join(options) or "by default")
                print(f"PASS {name}" if same else
                      f"FAIL {name}: {first_difference(wanted, run.stdout.splitlines())}")
                good &= same
    return 0 if good else 1


sys.exit(main())
