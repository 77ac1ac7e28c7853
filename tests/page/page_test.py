#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes pages (--html), and has page_test.js try them in a browser.

usage: page_test.py TCPLIFE_REPORT MIX_CAPTURE FOLDER

Chromium and npm are packages of the system (tools/setup --page). What drives the browser is a package of npm, which is
fetched into FOLDER, once; it brings no browser.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPORT, MIX_CAPTURE, FOLDER = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
FIXTURES = HERE.parent / "fixtures"
PACKAGE, VERSION = "playwright-core", "1.65.1"
START_US = 1777626000000000
HOSTILE = "</script><img src=x onerror=alert(1)>"
MANY = 200000


def fetch():
    """Why it cannot be had, or None."""
    for program in "chromium", "node", "npm":
        if not shutil.which(program):
            return f"{program} is not installed"
    if (FOLDER / "node_modules" / PACKAGE).exists():
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix", FOLDER,
                          f"{PACKAGE}@{VERSION}"], capture_output=True, text=True, check=False, timeout=240)
    return f"npm cannot install {PACKAGE}: {run.stderr.strip()[:200]}" if run.returncode else None


def page(folder, name, *arguments, status=0):
    done = subprocess.run([REPORT, "-q", *arguments, "--html", f"{name}.html"], cwd=folder, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != status:
        sys.exit(f"{name}: exit status {done.returncode}: {done.stderr.decode()}")


def hostile_lines():
    yield {"type": "capture", "file": HOSTILE, "source": 1, "host": HOSTILE, "note": HOSTILE, "filters": HOSTILE}
    names = ["</script><img s", "<img onerror=x>", "<svg/onload=x>", "<b>bold</b>", "\\x1b[31mred", "javascript:1", "${x}"]
    for i in range(700):
        yield {"close_us": START_US + i * 10000, "open_us": START_US + i * 10000 - i * 1000, "laddr": "192.0.2.1", "lport": 1000 + i,
               "raddr": f"192.0.2.{i % 5 + 1}", "rport": 443, "direction": "out", "connect_pid": 1, "connect_comm": names[i % 7],
               "established_us": START_US + i * 10000 - i * 900, "tx_bytes": i, "rx_bytes": 2 * i, "end": "closed-here",
               "min_rtt_us": 10 + i}


def make_pages(folder):
    shutil.copy(FIXTURES / "sample.tlz", folder / "web.tlz")
    shutil.copy(FIXTURES / "bad-cut-body.tlz", folder / "cut.tlz")
    shutil.copy(FIXTURES / "good-empty.tlz", folder / "empty.tlz")
    with open(folder / "many.tlz", "wb") as file:
        subprocess.run([MIX_CAPTURE, str(MANY)], stdout=file, check=True)
    with open(folder / f"{HOSTILE.replace('/', '_')}.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in hostile_lines())
    page(folder, "web", "web.tlz")
    page(folder, "zone", "web.tlz", "--tz", "Asia/Kathmandu", "--filter", "comm == nginx")
    page(folder, "cut", "cut.tlz", status=3)
    page(folder, "empty", "empty.tlz")
    page(folder, "many", "many.tlz")
    page(folder, "hostile", file.name, "--input", "jsonl")


def main():
    reason = fetch()
    if reason:
        print(f"SKIP page: {reason}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        make_pages(pathlib.Path(folder))
        environment = dict(os.environ, NODE_PATH=str(FOLDER / "node_modules"), TZ="UTC",
                           PATH=f"{REPORT.parent}:{os.environ['PATH']}")
        return subprocess.run(["node", HERE / "page_test.js", folder], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
