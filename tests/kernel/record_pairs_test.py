#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions between two network namespaces, each with a recorder of its own and a router of some milliseconds between:
--pairs joins what the two recorded, and finds by how much a clock is off that is set forward or back afterwards.

The clock of both is one, so the true difference is known: 0, or by how much the times of one capture were moved. No bound
is a fixed time: what --pairs says that the difference cannot be beyond has to hold.
"""

import json
import subprocess
import sys
import threading

from kernel_case import Recorder, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import until_seen
from router import Router
from socket_case import make_listener, make_socket, reset

SESSIONS = 12
TIMES = ("open_us", "established_us", "fin_us", "close_us")
SHIFTS_US = (3 * 3600 * 1000000 + 123456, -7 * 1000000, 250)


def receive(sock, count):
    while count > 0:
        part = sock.recv(65536)
        expect(part, "it was closed too early")
        count -= len(part)


def exchange(router, listener, family, number):
    """A session; what is true of it."""
    sent = {"client": 1 + 5000 * number, "server": 1 + 70000 * (number % 4)}
    by_client, is_reset = number % 2 == 0, number % 6 == 5

    def serve():
        server, _ = listener.accept()
        receive(server, sent["client"])
        server.sendall(bytes(sent["server"]))
        server.recv(1)  # that it has all, or that it has closed
        (reset if is_reset else type(server).close)(server)

    thread = threading.Thread(target=serve)
    thread.start()
    client = make_socket(router.here, family)
    client.connect(listener.getsockname())
    client.sendall(bytes(sent["client"]))
    receive(client, sent["server"])
    if not by_client:
        client.send(b"x")
        sent["client"] += 1
        try:
            expect_equal(client.recv(1), b"", "what comes at last")
        except ConnectionResetError:
            expect(is_reset, "a reset")
    port = client.getsockname()[1]
    client.close()
    thread.join()
    return port, {"client_tx_payload_bytes": sent["client"], "server_rx_payload_bytes": sent["client"],
                  "server_tx_payload_bytes": sent["server"], "client_rx_payload_bytes": sent["server"],
                  "to_server_missing_bytes": 0, "to_client_missing_bytes": 0, "closed": "client" if by_client else "server"}


def record(tools, router, family):
    """Both captures, and by the clients' ports what is true."""
    recorders = [Recorder(tools, "--netns", namespace.path, capture=f"{name}.tlz")
                 for namespace, name in ((router.here, "here"), (router.there, "there"))]
    listener = make_listener(router, family)
    truth = dict(exchange(router, listener, family, number) for number in range(SESSIONS))
    address = listener.getsockname()
    listener.close()
    nobody = make_socket(router.here, family)
    expect_equal(nobody.connect_ex(address) != 0, True, "a connection that nobody accepts")
    nobody.close()
    router.stop()
    for recorder in recorders:
        recorder.finish()
    return [recorder.capture for recorder in recorders], truth


def move(tools, capture, shift_us):
    """The capture as of another host whose clock is ahead by so much."""
    lines = []
    for line in report(tools, "--jsonl", "--with-meta", capture).splitlines():
        row = json.loads(line)
        if row.get("type") == "capture":
            row.update(host="there.example", boot_id="another")
        elif "close_us" in row:
            row.update({name: row[name] + shift_us for name in TIMES if name in row})
        lines.append(json.dumps(row))
    moved = tools.path(f"moved{shift_us}.tlz")
    report(tools, "--input", "jsonl", "-", "--force", "--write", moved, stdin="\n".join(lines))
    return moved


def report(tools, *arguments, stdin=None):
    run = subprocess.run([tools.reporter, "-q", *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, check=False)
    expect_equal(run.returncode, 0, f"status of the report ({run.stderr.strip()})")
    return run.stdout


def rows_of(tools, view, captures):
    return [json.loads(line) for line in report(tools, view, "--jsonl", *captures).splitlines()]


def check_bounds(row, true_us):
    expect(row["offset_least_us"] <= true_us <= row["offset_most_us"], f"{true_us} is not in the bounds of {row}")
    expect(row["offset_least_us"] <= row["offset_us"] <= row["offset_most_us"], f"the estimate of {row}")


def check_pairs(tools, captures, truth, true_us, same_host):
    rows = rows_of(tools, "--pairs", captures)
    expect_equal(sorted(row["client_port"] for row in rows), sorted(truth), "the clients' ports")
    for row in rows:
        wanted = truth[row["client_port"]] | {"same_host": same_host}
        expect_equal({name: row.get(name) for name in wanted}, wanted, f"the session of port {row['client_port']}")
        expect(row["offset_us"] <= row["offset_most_us"] >= true_us, f"{true_us} in {row}")
        if "offset_least_us" in row:
            check_bounds(row, true_us)
    hosts = rows_of(tools, "--pairs=hosts", captures)
    expect_equal([row["sessions"] for row in hosts], [len(truth), 1], "sessions that both have, and one alone")
    check_bounds(hosts[0], true_us)
    return hosts[0]


def try_pairs(tools, delay_ms, family):
    captures, truth = record(tools, Router(delay_ms), family)
    row = check_pairs(tools, captures, truth, 0, True)
    print(f"# {delay_ms} ms each way: off by {row['offset_us']} us, half within {row['offset_spread_us']} us of it, by all "
          f"from {row['offset_least_us']} to {row['offset_most_us']} us", flush=True)
    for shift_us in SHIFTS_US:
        check_pairs(tools, [captures[0], move(tools, captures[1], shift_us)], truth, shift_us, False)


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        (f"{delay_ms} ms each way, IPv{family}",
         lambda delay_ms=delay_ms, family=family: until_seen(try_pairs, tools, delay_ms, family))
        for delay_ms, family in ((2, "4"), (10, "6"))])


main()
