# SPDX-License-Identifier: BSD-2-Clause
"""Damages captures, always in the same way: (what was done, bytes) of each variant."""
import random

import tlz
from tlz_bytes import Cursor, unzstd, xxh3

SEED = 20260501
HEAD_SIZE = 40      # of a block of rows, before flags and length
BYTES = (0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 32, 127, 128, 255)


def cut(data, every):
    """The file ends early."""
    for size in range(0, len(data), every):
        yield f"cut at {size}", data[:size]


def flipped(data, count):
    """A bit is another."""
    for bit in sorted(random.Random(SEED).sample(range(len(data) * 8), min(count, len(data) * 8))):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit} flipped", bytes(changed)


def with_sums(block, body):
    """The block with another body, whatever that is."""
    header = tlz.SYNC + b"".join(number.to_bytes(size, "little") for number, size in (
        (block.type, 1), (0, 1), (0, 2), (block.source, 4), (len(body), 4), (block.rows, 4), (block.salt, 4),
        (block.sequence, 8), (xxh3(body), 8)))
    return header + xxh3(header).to_bytes(8, "little") + body


def not_joint(block):
    """The body of a block of rows without flags and length, and its content decompressed."""
    cursor = Cursor(block.body[HEAD_SIZE + 4:])
    content = cursor.take(cursor.u32())
    if block.content.joint:
        content = unzstd(content[4:], int.from_bytes(content[:4], "little"))
    return block.body[:HEAD_SIZE], content


def changed(rng, content, headers):
    """Content with a few bytes that are others, mostly among the headers."""
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(headers if rng.random() < 0.7 else len(content))
        way = rng.randrange(4)
        if way == 0:
            content.insert(at, rng.choice(BYTES))
        elif way == 1:
            del content[at]
        else:
            content[at] = rng.choice(BYTES) if way == 2 else content[at] ^ 1 << rng.randrange(8)
    return bytes(content)


def with_right_sums(data, count):
    """A block of rows breaks a rule, maybe: its content is another, and all sums are right. The first of each kind."""
    if not count:
        return
    blocks = [event for event in tlz.read(data) if isinstance(event, tlz.Block)]
    for kind in tlz.ROWS:
        first = next((block for block in blocks if block.type == kind), None)
        if first:
            yield from with_other_content(data, first, count)


def with_other_content(data, first, count):
    rng = random.Random(SEED)
    head, content = not_joint(first)
    headers = len(content) - sum(column.size for column in first.content.columns)
    for number in range(count):
        wrong = changed(rng, content, headers)
        body = head + bytes(4) + len(wrong).to_bytes(4, "little") + wrong
        block = with_sums(first, body)
        yield f"content {number} of type {first.type}", data[:first.offset] + block + data[first.end:]
