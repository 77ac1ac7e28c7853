# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of unusual sessions share: sockets of this very process, whose segments can be held back."""

import ctypes
import os
import socket
import struct
import time

from kernel_case import Failure, Recorder, TIME_LIMIT_S, by_tuple, expect, expect_equal

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
IPPROTO_MPTCP = 262
LOAD_BYTE, JUMP_IF_BITS, RETURN = 0x30, 0x45, 0x06  # linux/bpf_common.h
TCP_FLAGS_OFFSET, TCP_ACK = 13, 0x10
WHOLE = 0xffffffff
STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 7: "CLOSE", 8: "CLOSE_WAIT",
          9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING"}


def attach(sock, *instructions):
    """A classic BPF filter: what it returns 0 for never arrives at this socket."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in instructions))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                    struct.pack("HxxxxxxP", len(instructions), ctypes.addressof(program)))


def drop_all(sock):
    attach(sock, (RETURN, 0, 0, 0))


def drop_acknowledgements(sock):
    """Only a bare SYN arrives."""
    attach(sock, (LOAD_BYTE, 0, 0, TCP_FLAGS_OFFSET), (JUMP_IF_BITS, 0, 1, TCP_ACK), (RETURN, 0, 0, 0),
           (RETURN, 0, 0, WHOLE))


def drop_nothing(sock):
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)


def state_of(sock):
    return STATES.get(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0])


def await_that(condition, what):
    """Until it is so. Only a test that fails waits for the limit."""
    limit = time.monotonic() + TIME_LIMIT_S / 5
    while not condition():
        if time.monotonic() > limit:
            raise Failure(f"it never came that {what}")
        time.sleep(0.001)


def all_sockets():
    """(local port, state) of each TCP socket of this network namespace, those without a process too."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        lines = [line.split() for line in list(file)[1:]]
    found = [(int(words[1].split(":")[1], 16), STATES.get(int(words[3], 16))) for words in lines]
    return [(port, state) for port, state in found if state]  # TIME_WAIT is no session's any more


def states_of_port(port):
    return [state for local, state in all_sockets() if local == port]


def set_sysctl(name, value):
    """In this process's network namespace."""
    with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def listen(address="127.0.0.1", port=0, backlog=64, protocol=0):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.listen(backlog)
    return sock


def connect(listener, protocol=0):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    sock.connect(listener.getsockname())
    return sock


def connect_pair(listener):
    """A connected socket, and the accepted one."""
    client = connect(listener)
    return client, listener.accept()[0]


def receive(sock, size):
    """Exactly so many bytes."""
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        expect(part, "the peer ended the session too early")
        data += part
    return data


def reset(sock):
    """close() that sends a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def expect_reset(sock):
    try:
        sock.recv(1)
    except ConnectionResetError:
        return
    raise Failure("the peer did not reset the session")


def disconnect(sock):
    """connect(AF_UNSPEC), which Python does not have."""
    unspecified = struct.pack("H14x", socket.AF_UNSPEC)
    if ctypes.CDLL(None, use_errno=True).connect(sock.fileno(), unspecified, len(unspecified)) != 0:
        raise Failure(f"connect(AF_UNSPEC): {os.strerror(ctypes.get_errno())}")


class Recording:
    """A recorder, and the rows of what happened while it ran in a network namespace."""

    def __init__(self, tools, netns):
        self.tools, self.netns = tools, netns
        self.recorder = Recorder(tools)

    def rows(self):
        """Ends the recording. What is lost of other sessions of this machine is none of this."""
        expect_equal(self.recorder.stop(), 0, f"the recorder's status ({self.recorder.text.strip()})")
        return [row for row in self.tools.rows(self.recorder.capture) if row["netns"] == self.netns]


def rows_of(rows, local, remote):
    """Those between two addresses, (host, port) each, in the order of their beginning."""
    return by_tuple(rows).get((*local[:2], *remote[:2]), [])


def expect_row(row, **wanted):
    """The fields that the row must have; None: that it must not have."""
    for name, value in wanted.items():
        expect_equal(row.get(name), value, f"{name} in {row}")


def expect_payload(row, sent, received):
    expect_row(row, tx_payload_bytes=sent, rx_payload_bytes=received)


def expect_me(row, owner):
    """This process is the owner, known in this way."""
    with open("/proc/self/comm", encoding="ascii") as file:
        expect_row(row, owner=owner, pid=os.getpid(), comm=file.read().strip())
