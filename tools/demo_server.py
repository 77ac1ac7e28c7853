#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The web server of tools/demo.

Prints three ports on a line: one of 127.0.0.1, one of ::1 ("-" where there is no IPv6), and one of
127.0.0.1 that is taken, so that nobody else gets it, and refuses connections. Serves until killed.
"""

import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    """/large is a mebibyte, everything else 1000 bytes; after /close the server closes first."""

    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(b"x" * (1 << 20 if self.path == "/large" else 1000))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"%d bytes\n" % len(body))

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        # Not HTTPServer's, which looks its own name up.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]


class Server6(Server):
    address_family = socket.AF_INET6


def start(kind, address):
    try:
        server = kind((address, 0), Handler)
    except OSError:
        return "-"
    threading.Thread(target=server.serve_forever).start()
    return server.server_port


if __name__ == "__main__":
    refusing = socket.socket()
    refusing.bind(("127.0.0.1", 0))
    print(start(Server, "127.0.0.1"), start(Server6, "::1"), refusing.getsockname()[1], flush=True)
