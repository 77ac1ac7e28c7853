# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of bad days share: a recorder whose words are followed, what a capture says, and the ledger."""

import collections
import json
import os
import re
import subprocess
import threading

from kernel_case import TIME_LIMIT_S, Failure, Recorder, expect, expect_equal

NO_END = "it has no end"
CUT = "the file ends inside a block"
# Said of changes of state that are anybody's on this machine, not of the sessions that a test makes.
UNSEEN = re.compile(r"at most (\d+) sessions? lost")


class Watched(Recorder):
    """A recorder whose standard error is read all the time."""

    def __init__(self, tools, *options, **keywords):
        super().__init__(tools, *options, **keywords)
        self.news = threading.Condition()
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        for line in self.process.stderr:
            with self.news:
                self.text += line
                self.news.notify_all()

    def has_said(self, words):
        with self.news:
            return words in self.text

    def await_words(self, words):
        with self.news:
            if not self.news.wait_for(lambda: words in self.text, TIME_LIMIT_S):
                raise Failure(f"'{words}' was never said: {self.text.strip()}")

    def wait(self):
        try:
            self.process.wait(TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise Failure("it does not end") from None
        self.listener.join(TIME_LIMIT_S)
        status = super().wait()
        unseen = UNSEEN.search(self.text)
        if unseen and self.lost:
            self.lost -= int(unseen[1])
        return status

    def unwritten(self):
        """What the recorder says that it could not write, at its end."""
        return int(self.text.split(" sessions could not be written,")[0].split()[-1])


class Shown:
    """A capture as the report shows it: status, words on standard error, and the JSON document's parts."""

    def __init__(self, tools, path):
        result = subprocess.run([tools.reporter, "--json", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, timeout=TIME_LIMIT_S, check=False)
        self.status, self.words = result.returncode, result.stderr
        expect(self.status in (0, 3), f"status of the report is {self.status} ({self.words.strip()})")
        document = json.loads(result.stdout)
        self.rows = document["sessions"]
        self.losses = [loss for loss in document["losses"] if loss["cause"] != "unseen"]
        self.capture, = document["captures"]

    def expect_sound(self):
        """All that is there is good: at most it stops before its end, or in its last block."""
        damage = self.capture["damage"]
        expect_equal({place["error"] for place in damage} - {CUT}, set(), f"damage ({damage})")
        expect_equal(self.capture["missing_blocks"], 0, "missing blocks")
        expect_equal(self.status, 0 if self.capture["clean_end"] else 3, f"status of the report ({self.words.strip()})")
        for line in self.words.splitlines():
            expect(NO_END in line or CUT in line or "the recorder lost" in line, f"the report says: {line}")

    def expect_whole_blocks(self):
        """As expect_sound(), and there is no part of a block."""
        self.expect_sound()
        expect_equal(self.capture["damage"], [], "damage")

    def expect_written_losses(self, count):
        """So many are counted in it as not written, between times that can be."""
        expect_equal({loss["cause"] for loss in self.losses}, {"write-error"} if count else set(), "causes of losses")
        expect_equal(sum(loss["count"] for loss in self.losses), count, "losses in the capture")
        begin_us = self.capture["created_us"]
        for loss in self.losses:
            expect(begin_us <= loss["from_us"] <= loss["to_us"], f"the time range of {loss}, begun at {begin_us}")


def copy_of(capture, path):
    """Copies what is there now; the copied bytes."""
    with open(capture, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data)
    return data


def expect_made(rows, ledger):
    """Each row is a session that the server's ledger holds, with its bytes, and none comes twice."""
    made = collections.Counter((line["raddr"], line["rport"], line["lport"], line["sent"], line["received"])
                               for line in ledger if line["side"] == "server")
    shown = collections.Counter((row["raddr"], row["rport"], row["lport"], row["tx_payload_bytes"],
                                 row["rx_payload_bytes"]) for row in rows)
    expect_equal(dict(shown - made), {}, "rows that no session made")


class Batches:
    """Traffic in batches, whose sessions all end before the next begins; and what they were in all."""

    def __init__(self, tools, port, mode="client-fin"):
        self.tools, self.port, self.mode = tools, port, mode
        self.ledger = []
        self.made = 0

    def make(self, count):
        self.ledger += self.tools.make_traffic(self.mode, "--port", str(self.port), "--count", str(count))
        self.made += count

    def make_until(self, condition, count=200, limit=200):
        """Until condition() holds, which must be before `limit` batches."""
        for _ in range(limit):
            self.make(count)
            if condition():
                return
        raise Failure(f"{self.made} sessions, and it has not happened")
