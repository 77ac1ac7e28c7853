#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that end in every way, over loopback: each row is what the processes on both sides did."""

import sys
import time

from kernel_case import Recorder, Tools, enter_namespace, expect_equal, run_cases
from session_case import MODES, check_rows

SHORT_SESSIONS = 10000


def now_us():
    return time.time_ns() // 1000


def try_mode(tools, netns, mode, family, count):
    begin_us = now_us()
    recorder = Recorder(tools, "--netns", "self")
    ledger = tools.make_traffic(mode, "--family", family, "--count", str(count))
    recorder.finish()
    rows = tools.rows(recorder.capture)
    expect_equal(recorder.sessions, len(rows), "sessions in the closing line")
    check_rows(rows, ledger, MODES[mode][1:], (begin_us, now_us()), netns)


def main():
    tools = Tools(sys.argv)
    netns = []

    def setup():
        netns.append(enter_namespace())

    def case(mode, family, count):
        return f"{count} x {mode}, {family}", lambda: try_mode(tools, netns[0], mode, family, count)

    cases = [case(mode, family, count) for mode, (count, *_) in MODES.items() for family in ("4", "6", "mapped")]
    cases += [case(mode, "4", SHORT_SESSIONS) for mode in ("client-fin", "server-fin", "client-reset")]
    run_cases(tools, setup, cases)


main()
