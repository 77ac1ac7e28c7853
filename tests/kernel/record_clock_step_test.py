#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The wall clock is set while sessions are recorded: each row has the time of day that was the right one then.

The clock of the recorder is set, not that of the machine (stepped_clock.c).
"""

import signal
import socket
import sys
import time

from kernel_case import CLOCK_TOLERANCE_US, Failure, Recorder, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import await_that

PORT = 24040  # below the range from which clients get theirs
COUNT = 20


def make_sessions(tools):
    """So many; from when to when they were, by the machine's clock."""
    begin_us = time.time_ns() // 1000
    tools.make_traffic("server-fin", "--port", str(PORT), "--count", str(COUNT))
    return begin_us, time.time_ns() // 1000


def start(tools, library, step_s):
    return Recorder(tools, "-L", str(PORT), "--flush", "1h",
                    before=["env", f"LD_PRELOAD={library}", f"STEPPED_CLOCK={step_s}"])


def set_clock(tools, recorder, sessions):
    """Sets it. The recorder then writes the sessions so far, before it looks at the clock; those that come after
    these are in the capture have the new time, since nothing else is taken between."""
    recorder.process.send_signal(signal.SIGUSR1)

    def are_written():
        try:
            return len(tools.rows(recorder.capture, status=3)) == sessions
        except Failure:  # a block is half written
            return False

    await_that(are_written, f"{sessions} sessions are written")


def check_span(rows, span_us, offset_us):
    begin_us, end_us = (us + offset_us for us in span_us)
    for row in rows:
        expect(begin_us - CLOCK_TOLERANCE_US <= row["open_us"] <= row["close_us"] <= end_us + CLOCK_TOLERANCE_US,
               f"from {row['open_us']} to {row['close_us']}, not in {begin_us} to {end_us}")


def try_steps(tools, library, step_s):
    """Some sessions, a step, some more, another step, and the last."""
    recorder = start(tools, library, step_s)
    spans = []
    for i in range(3):
        if i > 0:
            set_clock(tools, recorder, COUNT * i)
        spans.append(make_sessions(tools))
    recorder.finish()
    rows = tools.rows(recorder.capture)
    expect_equal(len(rows), COUNT * len(spans), "rows")
    for i, span_us in enumerate(spans):
        check_span(rows[COUNT * i:COUNT * (i + 1)], span_us, i * step_s * 1000000)


def try_across(tools, library, step_s):
    """A session that a step falls into has the time of the clock at its end, throughout: it is as long as it was."""
    recorder = start(tools, library, step_s)
    make_sessions(tools)
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        begin_us = time.time_ns() // 1000
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        opened_us = time.time_ns() // 1000
        set_clock(tools, recorder, COUNT)
        closing_us = time.time_ns() // 1000
        server.close()
        expect_equal(client.recv(1), b"", "the end")
        client.close()
    span_us = begin_us, time.time_ns() // 1000
    recorder.finish()
    row = tools.rows(recorder.capture)[-1]
    check_span([row], span_us, step_s * 1000000)
    lasted_us = row["close_us"] - row["open_us"]
    expect(closing_us - opened_us - CLOCK_TOLERANCE_US <= lasted_us <= span_us[1] - span_us[0] + CLOCK_TOLERANCE_US,
           f"it lasted {lasted_us}, not {closing_us - opened_us} to {span_us[1] - span_us[0]}")


def main():
    tools = Tools(sys.argv)
    library = sys.argv[4]
    run_cases(tools, enter_namespace, [
        (f"{name}, {step_s} s", lambda function=function, step_s=step_s: function(tools, library, step_s))
        for name, function in (("sessions between steps", try_steps), ("a session across a step", try_across))
        for step_s in (86400, -3600)])


main()
