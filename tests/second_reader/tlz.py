# SPDX-License-Identifier: BSD-2-Clause
"""A reader of tcplife captures, written from docs/FORMAT.md alone, whose sections the comments name.

    for event in tlz.read(data):
        ...

data are the bytes of a whole file. The events are the classes below, in the order of the file.
"""
import struct
from dataclasses import dataclass, field
from typing import Any

from tlz_bytes import BODY_MOST, NAME_MOST, ROWS_MOST, SOURCE_MOST, TEXT_MOST, U64, Broken, Cursor, Refused, must, xxh3
from tlz_fields import SESSION, STATE
from tlz_rows import read_rows

PREAMBLE = b"\xf4TLZ\r\n\x1a\n"
PREAMBLE_SIZE = 16
MAJOR = 1
SYNC = b"\xf4TLB"
HEADER = struct.Struct("<4s B B 2x I I I I Q Q Q")  # 2x are ignored
HEADER_SIZE = HEADER.size
HEADER_HASHED = 40
CRITICAL = 1
METADATA, SESSIONS, LOSS, NAME, END, INDEX, STATES, STATES_LOSS = range(1, 9)

# Section 5.
TEXT, NUMBER, ID = "text", "number", "16 bytes"
TAGS = {1: ("capture_id", ID), 2: ("program", TEXT), 3: ("version", TEXT), 4: ("command_line", TEXT),
        5: ("created_us", NUMBER), 6: ("host", TEXT), 7: ("kernel", TEXT), 8: ("machine", TEXT), 9: ("boot_id", TEXT),
        10: ("time_zone", TEXT), 11: ("processors", NUMBER), 12: ("filters", TEXT), 13: ("hooks", TEXT),
        14: ("flush_us", NUMBER), 15: ("ring_bytes", NUMBER), 16: ("note", TEXT), 17: ("provenance", TEXT),
        18: ("ended_us", NUMBER), 19: ("reason", TEXT), 20: ("sessions", NUMBER), 21: ("lost", NUMBER),
        22: ("total_blocks", NUMBER), 23: ("index_offset", NUMBER), 24: ("own_netns", NUMBER),
        27: ("anonymized", TEXT), 28: ("rights", TEXT), 29: ("owner_sources", TEXT), 30: ("fields_not_known", TEXT),
        25: ("states", NUMBER), 26: ("states_lost", NUMBER)}


@dataclass
class Block:
    """A block whose sums are right (section 3). content is what its type makes of the body: {name: value} of metadata
    and the end, Rows, Loss, Name; None for an index (tlz_index reads it) and unknown types."""
    offset: int
    type: int
    critical: bool
    source: int
    rows: int
    salt: int
    sequence: int
    body: bytes = field(repr=False)
    content: Any = None

    @property
    def end(self):
        return self.offset + HEADER_SIZE + len(self.body)


@dataclass
class Damage:
    """Bytes that were skipped, blocks known to be missing before what follows, or a block out of order."""
    offset: int
    bytes: int
    missing_blocks: int
    error: str


@dataclass
class Loss:
    cause: int
    count: int
    from_us: int
    to_us: int


@dataclass
class Name:
    kind: int
    number: int
    name: bytes


def read_tags(body):
    """Section 5: {name: value}."""
    cursor, values = Cursor(body), {}
    while cursor.left():
        tag, size = cursor.u16(), cursor.u32()
        value = cursor.take(size)
        if tag not in TAGS:
            continue
        name, kind = TAGS[tag]
        must(name not in values, "a tag comes twice")
        must(kind != TEXT or size <= TEXT_MOST, "a text is too long")
        must(kind != NUMBER or size == 8, "a number is not of 8 bytes")
        must(kind != ID or size == 16, "an id is not of 16 bytes")
        values[name] = int.from_bytes(value, "little") if kind == NUMBER else value
    return values


def read_loss(body):
    """Section 8."""
    cursor = Cursor(body)
    return Loss(cursor.u32(), cursor.u64(), cursor.u64(), cursor.u64())


def read_name(body):
    """Section 8."""
    cursor = Cursor(body)
    kind, number, length = cursor.u32(), cursor.u64(), cursor.u32()
    must(length <= NAME_MOST, "a name is too long")
    return Name(kind, number, cursor.take(length))


READ = {METADATA: read_tags, LOSS: read_loss, NAME: read_name, END: read_tags, STATES_LOSS: read_loss}
ROWS = {SESSIONS: SESSION, STATES: STATE}


def is_preamble(data, at):
    """Whether a good preamble of any version stands there (section 2.1)."""
    return (data[at:at + 8] == PREAMBLE and
            int.from_bytes(data[at + 12:at + 16], "little") == xxh3(data[at:at + 12]) & 0xffffffff)


def preamble_is_good(data):
    """Section 2.1. Raises Refused when the file is for no reader, or a later one."""
    if is_preamble(data, 0):
        major = int.from_bytes(data[8:10], "little")
        if not 1 <= major <= MAJOR:
            raise Refused(f"version {major}")
        return True
    if not read_header(data, PREAMBLE_SIZE):
        raise Refused("no capture")
    return False


def read_header(data, at, salt=0):
    """Section 3: (the Block without its body, the body's length, its XXH3) where a good header stands that may be in a
    file with that salt, else None."""
    header = data[at:at + HEADER_SIZE]
    if len(header) < HEADER_SIZE:
        return None
    sync, kind, flags, source, length, rows, own_salt, sequence, body_hash, header_hash = HEADER.unpack(header)
    if sync != SYNC or header_hash != xxh3(header[:HEADER_HASHED]):
        return None
    if length > BODY_MOST or rows > ROWS_MOST or source > SOURCE_MOST or (salt and own_salt != salt):
        return None
    return Block(at, kind, bool(flags & CRITICAL), source, rows, own_salt, sequence, b""), length, body_hash


def block_at(data, at, salt=0):
    """The good block at that offset, or None."""
    found = read_header(data, at, salt)
    if not found:
        return None
    block, length, body_hash = found
    block.body = data[at + HEADER_SIZE:at + HEADER_SIZE + length]
    return block if len(block.body) == length and xxh3(block.body) == body_hash else None


def salt_of(data):
    """Section 3: that of the header behind the preamble; 0 when it is not good."""
    first = read_header(data, PREAMBLE_SIZE)
    return first[0].salt if first else 0


def behind_bad_body(data, at, salt):
    """Section 4, step 3: where the next block should begin when no byte of this one is missing, or None."""
    found = read_header(data, at, salt)
    if not found:
        return None
    end = at + HEADER_SIZE + found[1]
    stands = end == len(data) or (end < len(data) and (read_header(data, end, salt) or is_preamble(data, end)))
    return end if stands else None


def blocks(data):
    """Section 4: each good Block, and a Damage for the bytes that are none, in the file's order; a Damage of no bytes
    where another capture was joined, and nothing behind it. Raises Refused."""
    at = PREAMBLE_SIZE
    skipped = at if preamble_is_good(data) else 0
    salt = salt_of(data)
    should_begin = True
    while at < len(data):
        block = block_at(data, at, salt)
        joined = should_begin and not block and is_preamble(data, at) and len(data) - at >= HEADER_SIZE
        if (block or joined) and at > skipped:
            yield Damage(skipped, at - skipped, 0, "no good block")
        if joined:
            yield Damage(at, 0, 0, "another capture begins here")
            return
        if block:
            yield block
            at = skipped = block.end
            should_begin = True
            continue
        behind = behind_bad_body(data, at, salt)
        should_begin = behind is not None
        at = behind if should_begin else data.find(SYNC, at + 1)
        at = len(data) if at < 0 else at
    if at > skipped:
        yield Damage(skipped, at - skipped, 0, "no good block")


def read_body(block):
    """Sets the block's content. Raises Broken, or Refused when a critical block is not known."""
    must(block.type not in (END, INDEX) or block.source == 0, "an end or index block of a source")
    if block.type in ROWS:
        block.content = read_rows(block.body, block.rows, ROWS[block.type])
    elif block.type in READ:
        block.content = READ[block.type](block.body)
    elif block.critical and block.type != INDEX:
        raise Refused("needs a newer reader")


class Order:
    """What the blocks' places among each other tell: sections 2, 4 and 10."""

    def __init__(self):
        self.expected = {}
        self.described = set()
        self.found = 0
        self.missing = 0
        self.ended = False
        self.behind_end = False

    def check(self, block):
        """Each Damage that shows at this block."""
        gap = block.sequence - self.expected.get(block.source, 0)
        if gap >= 0:
            self.found += 1
            self.missing += gap
            self.expected[block.source] = block.sequence + 1 & U64
        if gap > 0:
            yield Damage(block.offset, 0, gap, "blocks are missing")
        if gap < 0 or self.behind_end:
            yield Damage(block.offset, 0, 0, "out of order")
        if block.type != METADATA and block.source not in self.described:
            yield Damage(block.offset, 0, 0, "a source that is not described")
        self.described.add(block.source)
        self.behind_end = False

    def joins_another(self, block):
        """Whether another capture begins with this block."""
        return block.type == METADATA and block.source == block.sequence == 0 and 0 in self.expected

    def check_end(self, block):
        """The Damage that the totals show, if they do. The end block itself is found already."""
        self.behind_end = not self.ended
        self.ended = True
        rest = block.content.get("total_blocks", 0) - (self.found - 1) - self.missing
        if rest > 0:
            yield Damage(block.offset, 0, rest, "blocks are missing")


def read(data):
    """Each Block and Damage of a capture, in order. Raises Refused."""
    order = Order()
    for found in blocks(data):
        if isinstance(found, Damage):
            yield found
            continue
        if order.joins_another(found):
            yield Damage(found.offset, 0, 0, "another capture begins here")
            return
        yield from order.check(found)
        try:
            read_body(found)
        except Broken as broken:
            yield Damage(found.offset, found.end - found.offset, 0, str(broken))
            continue
        if found.type == END:
            yield from order.check_end(found)
        yield found
