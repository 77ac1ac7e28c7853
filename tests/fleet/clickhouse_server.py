# SPDX-License-Identifier: BSD-2-Clause
"""A clickhouse-server on loopback, with a configuration and data of its own in a temporary directory."""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.parse

PATIENCE_S = 120
CONFIG = """<yandex>
<logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
<http_port>{port}</http_port><listen_host>127.0.0.1</listen_host>
<path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path>
<mark_cache_size>67108864</mark_cache_size><timezone>UTC</timezone>
<default_profile>default</default_profile><default_database>default</default_database>
<profiles><default><max_memory_usage>2000000000</max_memory_usage>
<max_read_buffer_size>65536</max_read_buffer_size></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota></default></users><quotas><default></default></quotas>
<users_config>{folder}/config.xml</users_config>
</yandex>
"""


class Missing(Exception):
    """It cannot be had; its text says why."""


class Refused(Exception):
    """What the server said instead of an answer."""


def fetch(folder):
    """Where its root is, as tests/fleet/clickhouse makes it."""
    script = pathlib.Path(__file__).parent / "clickhouse"
    run = subprocess.run([script, folder], stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode == 77:
        raise Missing(run.stdout.strip())
    if run.returncode != 0:
        raise RuntimeError(f"{script}: status {run.returncode}")
    return pathlib.Path(folder).resolve() / "root"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """`with Server(root) as server:` it answers; then it is ended."""

    def __init__(self, root):
        self.root = root
        self.folder = tempfile.TemporaryDirectory()
        self.process = None
        self.port = free_port()

    def __enter__(self):
        folder = self.folder.name
        config = pathlib.Path(folder, "config.xml")
        config.write_text(CONFIG.format(folder=folder, port=self.port))
        libraries = ":".join(str(path) for path in [*(self.root / "usr/lib").glob("*-linux-gnu"), self.root / "usr/lib"])
        with open(f"{folder}/out", "wb") as out:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen([self.root / "usr/sbin/clickhouse-server", f"--config-file={config}"],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
                                            env=dict(os.environ, LD_LIBRARY_PATH=libraries))
        self.await_answer()
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def await_answer(self):
        limit = time.monotonic() + PATIENCE_S
        while True:
            try:
                if self.ask("SELECT 1") == b"1\n":
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > limit:
                words = pathlib.Path(self.folder.name, "out").read_text(errors="replace")
                self.__exit__()
                raise Missing(f"clickhouse-server does not run here: {' '.join(words.split())[:300]}")
            time.sleep(0.05)

    def path(self, query, **settings):
        return "/?" + urllib.parse.urlencode({"query": query, **settings})

    def ask(self, query, body=b"", **settings):
        """The answer's bytes. A body is what an INSERT takes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", self.path(query, **settings), body)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused(text.decode(errors="replace"))
        return text

    def rows(self, query):
        """A dictionary a row; 64-bit integers as such."""
        text = self.ask(query + " FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0)
        return [json.loads(line) for line in text.decode().splitlines()]

    def send_part(self, query, body, size, **settings):
        """Sends an INSERT's body, of which the last bytes never come: the connection is closed instead."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as connection:
            head = f"POST {self.path(query, **settings)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body[:size])
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
