# SPDX-License-Identifier: BSD-2-Clause
"""A peer tool (libbpf-tools tcplife) as the benchmarks run it. It needs tracefs mounted on /sys/kernel/tracing."""

import json
import os
import pathlib
import shutil
import subprocess

BPFTOOL = shutil.which("bpftool", path=os.environ.get("PATH", "") + ":/usr/sbin")


def programs():
    """Run times and counts of the loaded BPF programs, by id."""
    result = subprocess.run([BPFTOOL, "-j", "prog", "show"], check=True, capture_output=True, text=True)
    return {p["id"]: (p.get("run_time_ns", 0), p.get("run_cnt", 0)) for p in json.loads(result.stdout)}


class Peer:
    """Running, and attached: it says nothing of that itself, so a connection must have shown in its output."""

    def __init__(self, path, tools):
        self.path = pathlib.Path(tools.path("peer.out"))
        with open(self.path, "wb") as output:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen([path], stdout=output)
        while not self.rows():
            if self.process.poll() is not None:
                raise SystemExit(f"{path} ended with status {self.process.returncode}; is tracefs mounted?")
            tools.make_traffic("client-fin", "--count", "100", name="warm")

    def rows(self):
        return len(self.path.read_bytes().splitlines()) > 1

    def stop(self):
        """Ends it; the file that it wrote."""
        self.process.terminate()
        self.process.wait()
        return self.path



def peer_rows(path):
    """Ports and pid, from tcplife's columns: the last four are RPORT TX RX MS."""
    for line in path.read_text(errors="replace").splitlines():
        words = line.split()
        if len(words) >= 9 and words[0].isdigit():
            yield (int(words[-6]), int(words[-4])), int(words[0])
