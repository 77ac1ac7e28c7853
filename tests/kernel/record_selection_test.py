#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""-p -L -D -4 -6 select exactly the sessions that they should, and sessions from before the start."""

import errno
import os
import select
import signal
import socket
import sys

from kernel_case import Recorder, Tools, enter_namespace, expect, expect_equal, run_cases

PORT = {"4": 21713, "6": 21716, "mapped": 21714}  # below the range from which clients get theirs
BOUND_PORT = 21799
ADDRESS = {"4": "127.0.0.1", "6": "::1", "mapped": "::ffff:127.0.0.1"}


def make_socket(family):
    s = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return s


class Server:
    """Another process, which listens, takes a session's bytes to their end, closes it, and says so."""

    def __init__(self):
        listeners = []
        for family, address in ADDRESS.items():
            listeners.append(make_socket(family))
            listeners[-1].bind((address, PORT[family]))
        self.done, done = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.serve(listeners, done)
            finally:
                os._exit(1)
        os.close(done)
        for listener in listeners:
            listener.close()
        os.read(self.done, 1)

    @staticmethod
    def serve(listeners, done):
        """Listens here, so that the recorder can see who does."""
        for listener in listeners:
            listener.listen()
        os.write(done, b"x")
        while True:
            for listener in select.select(listeners, [], [])[0]:
                s = listener.accept()[0]
                while s.recv(65536):
                    pass
                s.close()
                os.write(done, b"x")

    def session(self, family, bound=False, close=True):
        """Makes one session; its rows as (pid, family, lport, rport) of both sides, or the open socket."""
        s = make_socket(family)
        if bound:
            s.bind((ADDRESS[family], BOUND_PORT))
        s.connect((ADDRESS[family], PORT[family]))
        s.sendall(b"request")
        return self.end(s, family) if close else s

    def end(self, s, family):
        port = s.getsockname()[1]
        s.close()
        os.read(self.done, 1)
        number = 6 if family == "6" else 4
        return [(os.getpid(), number, port, PORT[family]), (self.pid, number, PORT[family], port)]

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.done)


def selected(tools, netns, options):
    """What a recorder with these options recorded, and all that was made meanwhile."""
    recorder = Recorder(tools, *options)
    server = Server()
    made = []
    for family in ADDRESS:
        for _ in range(4):
            made += server.session(family)
    made += server.session("4", bound=True)
    recorder.finish()
    rows = [row for row in tools.rows(recorder.capture) if row["netns"] == netns]
    server.stop()
    found = [(row.get("pid"), row["family"], row["lport"], row["rport"]) for row in rows]
    return sorted(found), made


def try_filter(tools, netns, options, wanted):
    found, made = selected(tools, netns, options)
    expect_equal(found, sorted(side for side in made if wanted(side)), "what was selected")
    expect(found, "nothing was selected")


def try_pids(tools, netns):
    """A process that connects, and one that accepts and whose sessions the other side closes first."""
    server = Server()
    recorders = {name: Recorder(tools, "-p", pids, capture=f"{name}.tlz")
                 for name, pids in (("mine", str(os.getpid())), ("other", str(server.pid)),
                                    ("both", f"{server.pid},{os.getpid()}"), ("none", "1"))}
    made = server.session("4") + server.session("6")
    rows = {}
    for name, recorder in recorders.items():
        recorder.finish()
        rows[name] = sorted((row["pid"], row["family"], row["lport"], row["rport"])
                            for row in tools.rows(recorder.capture) if row["netns"] == netns)
    mine = sorted(side for side in made if side[0] == os.getpid())
    other = sorted(side for side in made if side[0] == server.pid)
    server.stop()
    expect_equal(rows, {"mine": mine, "other": other, "both": sorted(made), "none": []}, "what -p selected")


def try_before_start(tools, netns):
    """Sessions that are open before the recorder, and end in two ways."""
    server = Server()
    by_fin = server.session("4", close=False)
    by_reset = server.session("6", close=False)
    recorder = Recorder(tools)
    made = server.end(by_fin, "4")
    by_reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    port = by_reset.getsockname()[1]
    by_reset.close()
    expect_equal(os.read(server.done, 1), b"", "what the server says, whose read fails")
    server.stop()
    recorder.finish()
    rows = {(row["lport"], row["rport"]): row for row in tools.rows(recorder.capture) if row["netns"] == netns}
    expect_equal(len(rows), 4, "rows")
    for row in rows.values():
        expect_equal(row["before_start"], True, "before_start")
        expect_equal(row["direction"], "unknown", "direction")
        for name in ("open_us", "established_us", "in_established_us", "ms", "connect_pid", "listen_pid", "service"):
            expect(name not in row, f"{name} is claimed to be known")
    for pid, _, lport, rport in made:
        row = rows[lport, rport]
        expect_equal((row["owner"], row["pid"]), ("close", pid), "owner")
        expect("fin_us" in row, "no time of the FIN, which was seen")
    expect_equal([rows[side[2:]]["end"] for side in made], ["closed-here", "closed-there"], "ends")
    mine, other = rows[port, PORT["6"]], rows[PORT["6"], port]
    expect_equal((mine["end"], mine["pid"]), ("reset-here", os.getpid()), "the end here")
    expect_equal((other["end"], other["error"], other["owner"], other["pid"]),
                 ("reset-there", errno.ECONNRESET, "close", server.pid), "the end there")
    for row in [mine, *(rows[side[2:]] for side in made)]:
        expect_equal(row["task_file_pid"], row["pid"], "the process that had the socket open")
    expect("task_file_pid" not in other, "a socket that was not accepted yet was nobody's file")
    expect_equal((mine["tx_payload_bytes"], other["rx_payload_bytes"]), (len(b"request"),) * 2, "payload")


def main():
    tools = Tools(sys.argv)
    netns = []

    def case(options, wanted):
        return " ".join(options), lambda: try_filter(tools, netns[0], options, wanted)

    v4, v6, mapped = (PORT[family] for family in ("4", "6", "mapped"))
    run_cases(tools, lambda: netns.append(enter_namespace()), [
        ("no filter", lambda: try_filter(tools, netns[0], [], lambda side: True)),
        case(["-4"], lambda side: side[1] == 4),
        case(["-6"], lambda side: side[1] == 6),
        case(["-L", str(v4)], lambda side: side[2] == v4),
        case(["--localport", f"{v6},{mapped}"], lambda side: side[2] in (v6, mapped)),
        case(["-L", str(BOUND_PORT)], lambda side: side[2] == BOUND_PORT and side[0] == os.getpid()),
        case(["-D", f"{mapped}"], lambda side: side[3] == mapped),
        case(["--remoteport", f"{v4},{v6},{mapped}"], lambda side: side[3] in (v4, v6, mapped)),
        case(["-4", "-D", f"{v6},{mapped}"], lambda side: side[1] == 4 and side[3] == mapped),
        case(["-p", str(os.getpid()), "-L", str(BOUND_PORT)],
             lambda side: side[2] == BOUND_PORT and side[0] == os.getpid()),
        ("-p, of either side, both and none", lambda: try_pids(tools, netns[0])),
        ("open before the start", lambda: try_before_start(tools, netns[0])),
    ])


main()
