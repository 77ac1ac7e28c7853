# SPDX-License-Identifier: BSD-2-Clause
"""A host of a small shop, in a network namespace of its own, and three networks around it: an office next door, homes
that are 12 ms away, and phones that are 40 ms away and lose packets."""

import fcntl
import os
import pathlib
import signal
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "kernel"))
from network_case import Namespace  # noqa: E402
from router import IFF_NO_PI, IFF_TUN, TUNSETIFF, forward  # noqa: E402

# name: (the host's address, the network's own addresses, delay each way in ms, packets lost in 100)
PLACES = {
    "office": ("192.0.2.1", [f"192.0.2.{i}" for i in range(10, 14)], 0, 0),
    "homes": ("198.51.100.1", [f"198.51.100.{i}" for i in range(20, 32)], 6, 0),
    "phones": ("203.0.113.1", [f"203.0.113.{i}" for i in range(40, 56)], 20, 3),
}
OFFICE_V6 = ("2001:db8::1", "2001:db8::10")


def make_tun(namespace, name):
    with namespace:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    namespace.run("ip", "link", "set", name, "up")
    return fd


def start_router(fds, delay_ms):
    """In a process of its own, which ends with this one."""
    stop_read, stop_write = os.pipe()
    result_read, result_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.close(stop_write)
            forward(fds, delay_ms * 1000000, stop_read, result_write)
        finally:
            os._exit(0)
    for fd in (*fds, stop_read, result_read, result_write):
        os.close(fd)
    return stop_write


class Shop:
    """The host and the places."""

    def __init__(self):
        self.host = Namespace()
        self.host.run("ip", "link", "set", "lo", "up")
        self.places = {}
        self.routers = []
        for name, (here, there, delay_ms, lost) in PLACES.items():
            place = self.places[name] = Namespace()
            place.run("ip", "link", "set", "lo", "up")
            if delay_ms:
                self.routers.append(start_router((make_tun(self.host, name), make_tun(place, "up0")), delay_ms))
            else:
                self.host.run("ip", "link", "add", name, "type", "veth", "peer", "name", "up0", "netns", place.path)
                self.host.run("ip", "link", "set", name, "up")
                place.run("ip", "link", "set", "up0", "up")
            self.host.run("ip", "address", "add", here + "/24", "dev", name)
            for address in there:
                place.run("ip", "address", "add", address + "/24", "dev", "up0")
            if lost:
                rule = f"meta l4proto tcp numgen random mod 100 < {lost} drop"
                place.filter(rule)
        self.host.run("ip", "address", "add", OFFICE_V6[0] + "/64", "dev", "office", "nodad")
        self.places["office"].run("ip", "address", "add", OFFICE_V6[1] + "/64", "dev", "up0", "nodad")
