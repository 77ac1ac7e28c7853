#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions through a router that delays each packet: round trips and the handshake are as long as they were.

No bound is a fixed time, so that a busy machine breaks none. From below, a round trip is as long as the shortest
delays that the router measured, there and back, and those are within the way. From above, the programs have
measured from outside how long it took from sending something to the answer's arrival.
"""

import sys
import threading
import time

from kernel_case import Tools, by_tuple, enter_namespace, expect, expect_equal, run_cases
from network_case import Recording, until_seen
from router import Router
from socket_case import key_of, make_listener, make_socket, tcp_info

SESSIONS = 6
TURNS = 6
# A segment that was sent again is measured by TCP's time stamps, of milliseconds (RFC 7323; tcp_ack_update_rtt(),
# net/ipv4/tcp_input.c, Linux 6.18): by their difference a round trip is up to so much longer.
STAMP_US = 1000


def now_us():
    return time.monotonic_ns() / 1000


def answer(listener, measured):
    """Serves a session. Each byte comes after the answer to the one before has arrived there."""
    server, _ = listener.accept()
    turns_us = []
    sent_us = None
    while server.recv(1):
        if sent_us is not None:
            turns_us.append(now_us() - sent_us)
        sent_us = now_us()
        server.send(b"y")
    info = tcp_info(server)
    server.close()
    measured.update(turn_us=min(turns_us), info=info)


def ask(router, listener, family):
    """A session; for each side what its program measured: "connect_us", "turn_us" (the shortest), "info"."""
    here, there = {}, {}
    thread = threading.Thread(target=answer, args=(listener, there))
    thread.start()
    client = make_socket(router.here, family)
    begin_us = now_us()
    client.connect(listener.getsockname())
    here["connect_us"] = now_us() - begin_us
    key = (*client.getsockname()[:2], *client.getpeername()[:2])
    turns_us = []
    for _ in range(TURNS):
        begin_us = now_us()
        client.send(b"x")
        expect_equal(client.recv(1), b"y", "the answer")
        turns_us.append(now_us() - begin_us)
    here.update(turn_us=min(turns_us), info=tcp_info(client))
    client.close()
    thread.join()
    return [(key, here), (key[2:] + key[:2], there)]


def check_round_trip(row, measured, least_us):
    most_us = measured["turn_us"] + (STAMP_US if row["retrans_segs"] else 0)
    expect(least_us <= row["min_rtt_us"] <= most_us,
           f"min_rtt_us is {row['min_rtt_us']}, not in {least_us} to {most_us}")
    # What the kernel said before the last segments; these may have been faster.
    expect(row["min_rtt_us"] <= measured["info"].min_rtt, f"min_rtt_us is {row['min_rtt_us']}, {measured['info']}")
    expect(row["srtt_us"] >= least_us, f"srtt_us is {row['srtt_us']}, less than {least_us}")
    if "connect_us" in measured:
        expect(least_us <= row["syn_sent_us"] <= measured["connect_us"],
               f"syn_sent_us is {row['syn_sent_us']}, not in {least_us} to {measured['connect_us']}")
        expect(row["syn_sent_us"] >= row["min_rtt_us"] - 1, "a handshake that is shorter than a round trip")


def try_delay(tools, delay_ms, family):
    router = Router(delay_ms)
    recording = Recording(tools, router)
    wanted = []
    listener = make_listener(router, family)
    for _ in range(SESSIONS):
        wanted += ask(router, listener, family)
    listener.close()
    delays_us = router.stop()
    rows = recording.finish()
    expect_equal(len(rows), len(wanted), "rows")
    groups = by_tuple(rows)
    expect(min(delays_us) >= delay_ms * 1000, f"the router's delays are {delays_us}")
    for key, measured in wanted:
        # Both ends of a span are cut to microseconds, so that it may be one shorter.
        check_round_trip(groups[key].pop(0), measured, max(2 * delay_ms * 1000, int(sum(delays_us)) - 1))


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        (f"{delay_ms} ms each way, {family}",
         lambda delay_ms=delay_ms, family=family: until_seen(try_delay, tools, delay_ms, family))
        for delay_ms in (3, 25) for family in ("4", "6")])


main()
