# SPDX-License-Identifier: BSD-2-Clause
"""A router between two network namespaces that takes its time: a process that moves IP packets between a TUN
device here and one there, each some time after it came."""

import collections
import fcntl
import os
import select
import signal
import struct
import time

from kernel_case import Skip, expect_equal
from network_case import NETWORK, Namespace, need

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
PACKET_MAX = 65536


def make_tun(namespace, name, side):
    """Its file. What this namespace sends to the network of the test can be read there."""
    with namespace:
        try:
            fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise Skip(f"/dev/net/tun: {error.strerror}") from None
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    namespace.run("ip", "link", "set", name, "up")
    namespace.run("ip", "link", "set", "lo", "up")
    for family, addresses in NETWORK.items():
        nodad = ["nodad"] if family == "6" else []
        namespace.run("ip", "address", "add", addresses[side], "dev", name, *nodad)
    return fd


def forward(fds, delay_ns, stop_fd, result_fd):
    """Until stop_fd can be read; then writes the shortest time that a packet took, each way, to result_fd. It is
    measured within the way: a packet was sent before it is read here, and arrives after it is written."""
    waiting = [collections.deque(), collections.deque()]  # (time of reading, packet), by the side they came from
    least_ns = [2**63 - 1, 2**63 - 1]
    while True:
        due_ns = min((queue[0][0] + delay_ns for queue in waiting if queue), default=None)
        timeout_s = None if due_ns is None else max(0, due_ns - time.monotonic_ns()) / 1e9
        readable, _, _ = select.select([*fds, stop_fd], [], [], timeout_s)
        for side in range(2):
            if fds[side] in readable:
                packet = os.read(fds[side], PACKET_MAX)
                waiting[side].append((time.monotonic_ns(), packet))
            while waiting[side] and waiting[side][0][0] + delay_ns <= time.monotonic_ns():
                begin_ns, packet = waiting[side].popleft()
                least_ns[side] = min(least_ns[side], time.monotonic_ns() - begin_ns)
                os.write(fds[1 - side], packet)
        if stop_fd in readable:
            os.write(result_fd, struct.pack("QQ", *least_ns))
            return


class Router:
    """In a process of its own, so that a test may wait in a system call."""

    def __init__(self, delay_ms):
        need("ip")
        self.here, self.there = Namespace(make=False), Namespace()
        fds = make_tun(self.here, "here", 0), make_tun(self.there, "there", 1)
        stop_read, self.stop_fd = os.pipe()
        self.result_fd, result_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                os.close(self.stop_fd)  # it ends with the test, however that ends
                forward(fds, delay_ms * 1000000, stop_read, result_write)
                status = 0
            finally:
                os._exit(status)
        for fd in (*fds, stop_read, result_write):
            os.close(fd)

    def both(self):
        return self.here, self.there

    def stop(self):
        """The shortest delay that a packet had, there and back, in microseconds."""
        os.close(self.stop_fd)
        result = os.read(self.result_fd, 16)
        os.close(self.result_fd)
        expect_equal(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), 0, "the router's status")
        return [ns / 1000 for ns in struct.unpack("QQ", result)]
