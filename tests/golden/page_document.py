# SPDX-License-Identifier: BSD-2-Clause
"""Reads a page that --html made, as docs/JSON.md has it: its parts, its data, and what the texts of flows count."""
import base64
import collections
import hashlib
import json
import re

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
COUNT = re.compile(r"([a-zA-Z])([0-9]*)")


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def counts(text):
    """{letter's number: how often} of a text such as "a3bz12"."""
    if COUNT.sub("", text):
        raise ValueError(f"{text!r} has something else")
    return {LETTERS.index(letter): int(number or 1) for letter, number in COUNT.findall(text)}


class Page:
    """The page, and as `data` the document in it."""

    def __init__(self, text):
        self.text = text
        self.policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
        self.raw = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1]
        self.data = json.loads(self.raw)

    def wanted_policy(self):
        style = re.search(r"<style>(.*?)</style>", self.text, re.S)[1]
        script = re.search(r"<script>(.*?)</script>", self.text, re.S)[1]
        return (f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; base-uri 'none'; "
                "form-action 'none'")

    def flows(self):
        """The rows of flows, but for that of the others."""
        return self.data["flows"][:-1]

    def end_name(self, number):
        """Its name; the number of one that has none."""
        return self.data["ends"][number]["end"] if number < len(self.data["ends"]) else number

    @staticmethod
    def cells(row):
        """(step, {name: text}) of each cell of a flow."""
        step = 0
        texts = {name: row[name].split(" ") for name in ("ends", "tx", "rx", "ms", "rtt")}
        for i, more in enumerate(row["steps"].split(" ") if row["steps"] else []):
            step += int(more)
            yield step, {name: text[i] for name, text in texts.items()}

    def counts(self, row, name):
        """How often each, at all times of a flow."""
        sums = collections.Counter()
        for _, texts in self.cells(row):
            sums.update(counts(texts[name]))
        return dict(sums)

    def others(self, name):
        return self.counts(self.data["flows"][-1], name)

    def all_counts(self, name):
        sums = collections.Counter()
        for row in self.data["flows"]:
            sums.update(self.counts(row, name))
        return dict(sums)

    @staticmethod
    def total(of):
        return sum(of.values())

    def timeline(self):
        """What ended in each step."""
        rows = [{"from_us": step["from_us"], "ended": 0, "failed": 0, "tx_bytes": 0, "rx_bytes": 0}
                for step in self.data["steps"]]
        for flow in self.data["flows"]:
            for step, texts in self.cells(flow):
                if step == len(rows):
                    continue
                row = rows[step]
                for number, count in counts(texts["ends"]).items():
                    row["ended"] += count
                    row["failed"] += count if number < len(self.data["ends"]) and self.data["ends"][number]["is_failed"] else 0
                row["tx_bytes"] += int(texts["tx"] or 0)
                row["rx_bytes"] += int(texts["rx"] or 0)
        return rows
