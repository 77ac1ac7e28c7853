# SPDX-License-Identifier: BSD-2-Clause
"""The shop's services started, and what its customers do for some seconds."""

import os
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time

from shop_network import OFFICE_V6, PLACES, Shop

SERVICES = pathlib.Path(__file__).resolve().parent / "shop_services.py"
NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 80 reuseport backlog=512; listen [::]:80;
        client_max_body_size 0;
        location / {{ proxy_pass http://127.0.0.1:8000; }}
    }}
}}
"""


def await_port(namespace, address):
    for _ in range(500):
        with namespace:
            try:
                socket.create_connection(address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
    raise SystemExit(f"nobody listens at {address}")


class Traffic:
    """Customers: threads that fetch, each from an address of its own."""

    def __init__(self, folder, seed=7):
        self.folder = folder
        self.shop = Shop()
        self.random = random.Random(seed)
        self.services = {}
        self.open = []  # sessions that outlast the recording
        (pathlib.Path(folder) / "nginx.conf").write_text(NGINX.format(folder=folder))
        self.start("cache", "redis-server", "--port", "6379", "--bind", "127.0.0.1", "--save", "", "--daemonize", "no")
        self.start("web", "nginx", "-p", folder, "-c", f"{folder}/nginx.conf")
        self.start_own("ledger")
        self.deploy(0)

    def start(self, name, *command):
        with self.shop.host:
            # pylint: disable-next=consider-using-with
            self.services[name] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start_own(self, name, *arguments):
        self.start(name, sys.executable, str(SERVICES), name, *arguments)

    def deploy(self, slow_ms):
        """The application, which takes so much longer to check out."""
        if "app" in self.services:
            self.services["app"].terminate()
            self.services["app"].wait()
        self.start_own("app", str(slow_ms))
        for port in (8000, 5432, 6379):
            await_port(self.shop.host, ("127.0.0.1", port))

    def fetch(self, place, address, path, *options):
        with self.shop.places[place]:
            return subprocess.Popen(["curl", "-s", "-o", "/dev/null", "--max-time", "20", "--interface", address,
                                     *options, f"http://{PLACES[place][0]}{path}"], stderr=subprocess.DEVNULL)

    def round(self):
        """A fetch or two from everywhere; their processes."""
        choose = self.random.choice
        running = []
        for place, count in (("homes", 6), ("phones", 5), ("office", 3)):
            for _ in range(count):
                path = self.random.choices(("/item", "/checkout", "/", "/export", "/broken"), (60, 20, 14, 3, 3))[0]
                running.append(self.fetch(place, choose(PLACES[place][1][:-1]), path))
        running.append(self.fetch("homes", PLACES["homes"][1][-1], "/checkout"))
        with self.shop.places["office"]:
            running.append(subprocess.Popen(["curl", "-s", "-o", "/dev/null", "--max-time", "20",
                                             f"http://[{OFFICE_V6[0]}]/item"]))
        if self.random.random() < 0.1:
            running.append(self.fetch("office", PLACES["office"][1][0], "/backup", "-T", f"{self.folder}/backup"))
        return running

    def run(self, seconds):
        """Round after round."""
        with open(f"{self.folder}/backup", "wb") as file:
            file.write(os.urandom(20_000_000))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for process in self.round():
                process.wait()

    def hold(self, count):
        """Customers that stay."""
        for i in range(count):
            with self.shop.places["homes"]:
                s = socket.create_connection((PLACES["homes"][0], 80), source_address=(PLACES["homes"][1][i], 0))
            s.sendall(b"GET /item HTTP/1.1\r\nHost: shop\r\n\r\n")
            self.open.append(s)

    def stop(self):
        for process in self.services.values():
            process.terminate()
            process.wait()


def in_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread
