# SPDX-License-Identifier: BSD-2-Clause
"""What runs on the shop's host: nginx, an application behind it, redis, a ledger that the application asks, a report
that forgets to close its connections. Each is called as ps(1) would show it.

usage: shop_services.py app|ledger|report [SLOW_MS]
"""

import ctypes
import http.server
import os
import socket
import socketserver
import struct
import sys
import threading
import time

PR_SET_NAME = 15
APP, LEDGER, CACHE = ("127.0.0.1", 8000), ("127.0.0.1", 5432), ("127.0.0.1", 6379)
PAYMENTS = ("192.0.2.13", 9443)  # in the office
SLOW_MS = int(sys.argv[2]) if len(sys.argv) > 2 else 0


def call_self(name):
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def ask(address, words, size):
    """Sends and awaits an answer of at least that size, and closes."""
    with socket.create_connection(address, timeout=5) as s:
        s.sendall(words)
        got = 0
        while got < size:
            data = s.recv(65536)
            if not data:
                break
            got += len(data)


class App(http.server.BaseHTTPRequestHandler):
    """/item asks the cache; /checkout the ledger and the payments; /export is large; /broken dies."""

    protocol_version = "HTTP/1.1"

    def answer(self, size):
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(bytes(size))

    def do_GET(self):  # noqa: N802  # pylint: disable=invalid-name
        if self.path == "/item":
            ask(CACHE, b"GET item\r\n", 4)
            self.answer(6000)
        elif self.path == "/checkout":
            time.sleep(SLOW_MS / 1000)
            ask(LEDGER, b"order", 400)
            try:
                ask(PAYMENTS, b"pay", 1)
            except OSError:
                pass
            self.answer(900)
        elif self.path == "/export":
            self.answer(3000000)
        elif self.path == "/broken":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        else:
            self.answer(2)

    def do_PUT(self):  # noqa: N802  # pylint: disable=invalid-name
        left = int(self.headers["Content-Length"])
        while left > 0:
            left -= len(self.rfile.read(min(left, 65536)))
        self.answer(2)

    def log_message(self, *arguments):  # pylint: disable=signature-differs
        pass


class Ledger(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request.recv(100)
        time.sleep(0.002)
        self.request.sendall(bytes(400) if data == b"order" else bytes(40000))


def serve_app():
    call_self("shop-app")
    http.server.ThreadingHTTPServer.request_queue_size = 128
    http.server.ThreadingHTTPServer(APP, App).serve_forever()


def serve_ledger():
    call_self("ledger-db")
    server = socketserver.ThreadingTCPServer(LEDGER, Ledger)
    server.daemon_threads = True
    server.serve_forever()


def report():
    """Asks once a second, and closes nothing of what its peer has closed."""
    call_self("nightly-report")
    kept = []
    while True:
        s = socket.create_connection(LEDGER)
        s.sendall(b"all")
        s.recv(65536)
        kept.append(s)
        time.sleep(1)


def main():
    threading.stack_size(256 * 1024)
    {"app": serve_app, "ledger": serve_ledger, "report": report}[sys.argv[1]]()


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)
