# SPDX-License-Identifier: BSD-2-Clause
"""Connections over loopback as the benchmarks make them (flood.c)."""

import subprocess

MODES = ("client-fin", "server-fin", "client-reset")


class Flood:
    """So many processes that make connections."""

    def __init__(self, build, workers):
        self.program, self.workers = build / "tests/bench/flood", workers

    def run(self, mode, connections, rate=0):
        """Makes them; the seconds that it took."""
        result = subprocess.run([self.program, "--mode", mode, "--count", str(connections), "--workers",
                                 str(self.workers), "--rate", str(rate)], check=True, capture_output=True, text=True)
        return float(result.stdout)
