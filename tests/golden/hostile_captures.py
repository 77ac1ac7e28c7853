# SPDX-License-Identifier: BSD-2-Clause
"""Captures that break no checksum and are made to cost a reader as much as can be for their bytes.

HOSTILE has a function for each kind, which makes a capture of about that many bytes; good() makes one of the same size
as recorders write them.
"""
import ctypes
import pathlib
import struct
import sys

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
sys.path.insert(0, str(FIXTURES))
from capture_bytes import HEADER_SIZE, PREAMBLE_SIZE, SYNC, TYPES, block, blocks, can_hash, preamble, varint, xxh3  # noqa: E402

ROWS_MAX = 16384
BODY_MAX = 16 * 1024 * 1024
JOINT_MAX = 256 * 1024
SOURCES_MAX = 65535
CLOSE_US = 1777626000000000
START = preamble() + block(TYPES["metadata"], 0, 0, b"") + block(TYPES["metadata"], 1, 0, b"") if can_hash() else b""
FIELDS_OF_BYTES = (14, 16, 18, 20, 22, 24, 30, 32, 38)
BOOLEANS = (34, 37, 42, 43)
TIMES = (1, 2, 5, 12)
FIELDS = 55
TAGS_OF_TEXT = (2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 16, 17)


def zstd(data):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compress.restype = library.ZSTD_compressBound.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(library.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = library.ZSTD_compress(room, ctypes.c_size_t(len(room)), bytes(data), ctypes.c_size_t(len(data)), 19)
    return room.raw[:size]


def column(*parts):
    header = b"".join(parts)
    return varint(len(header)) + header


def integers(field, base, table=0, flags=0, start=None, terms=(), presence=0):
    """A column of integers that takes no data: all are its base, or it counts on by that from start."""
    return column(bytes([2, table]), varint(field), varint(0), varint(presence), bytes([flags, 0]), varint(base),
                  b"" if start is None else varint(start), varint(len(terms)), b"".join(map(varint, terms)))


def index(table, to, flags=0, base=0, start=None):
    return column(bytes([4, table]), varint(to), varint(0), varint(0), bytes([flags, 0]), varint(base),
                  b"" if start is None else varint(start), varint(0))


def of_bytes(field, value, table=1):
    return column(bytes([3, table]), varint(field), varint(0), varint(0), struct.pack("<H", 0), value)


def address(number):
    return bytes(10) + b"\xff\xff" + struct.pack(">I", number)


def required(table=1):
    return [integers(1, CLOSE_US), index(0, 1), of_bytes(30, address(0xc0000201), table),
            of_bytes(32, address(0xc0000202), table), integers(31, 80), integers(33, 81)]


def content(rows, columns, entries=(1,), data=b""):
    return (varint(1 + len(entries)) + varint(rows) + b"".join(map(varint, entries)) + varint(len(columns)) +
            b"".join(columns) + data)


def sessions(rows, stored, last_us=CLOSE_US, joint=False, padding=True):
    head = struct.pack("<QQIIQQII", 0, 0, 0, 0, CLOSE_US, last_us, int(joint), len(stored))
    return head + stored + bytes(max(0, rows - len(head) - len(stored)) if padding else 0)


def repeated(size, body_of, kind="sessions", rows=ROWS_MAX):
    """As many blocks as fit, whose bodies body_of(rows) makes."""
    out = bytearray(START)
    sequence = 1
    rows = max(1, min(rows, size - len(out) - HEADER_SIZE))
    body = body_of(rows)
    while len(out) + HEADER_SIZE + len(body) <= size or sequence == 1:
        out += block(TYPES[kind], 1, sequence, body, rows if kind == "sessions" else 0)
        sequence += 1
    return bytes(out)


def most_rows(size):
    return repeated(size, lambda rows: sessions(rows, content(rows, required())))


def most_fields(size):
    def body(rows):
        columns = required()
        for field in range(1, FIELDS + 1):
            if field in FIELDS_OF_BYTES and field not in (30, 32):
                columns.append(of_bytes(field, b"\x1b" * 16))
            elif field not in (1, 28, 29, 30, 31, 32, 33):
                columns.append(integers(field, 1 if field in BOOLEANS else CLOSE_US if field in TIMES else 65535))
        return sessions(rows, content(rows, columns))
    return repeated(size, body)


def most_terms(size):
    """Columns of no field that are each other's terms, and one field that needs them all."""
    def body(rows):
        columns = required()
        columns += [integers(1000 + i, 1, flags=1, start=i) for i in range(120)]
        columns += [integers(44 + i, 1, terms=[2 * (6 + 12 * i + k) for k in range(12)]) for i in range(10)]
        return sessions(rows, content(rows, columns))
    return repeated(size, body)


def most_columns(size):
    """A bitmap for each of many columns, and tables that lead to tables."""
    def body(rows):
        tables = list(range(1, 16))
        columns = [integers(1, CLOSE_US)] + [index(t - 1, t, flags=1, base=1, start=(1 << 64) - 1) for t in tables]
        columns += [of_bytes(30, address(1), 15), of_bytes(32, address(2), 15), integers(31, 80), integers(33, 81)]
        columns += [integers(field, 1, table=15) for field in (*range(13, 28, 2), 26, *range(34, 38), *range(39, 56))]
        return sessions(rows, content(rows, columns, entries=[rows] * 15))
    return repeated(size, body)


def most_joint(size):
    """Little blocks whose frames hold as much as they may."""
    def body(rows):
        columns = required() + [integers(1000 + i, 1) for i in range(200)]
        fixed = content(rows, columns)
        wide = min(JOINT_MAX - len(fixed) - 64, 200 * rows * 8) // (8 * rows)
        columns = required() + [column(bytes([2, 0]), varint(2000 + i), varint(2 * 8 * rows), varint(0), bytes([0, 8]),
                                       varint(0), varint(0)) for i in range(wide)]
        columns += [integers(44 + i, 1, terms=[2 * (6 + 12 * i + k) for k in range(min(12, max(0, wide - 12 * i)))])
                    for i in range(10)]
        raw = content(rows, columns, data=bytes(8 * rows * wide))[:JOINT_MAX]
        return sessions(rows, struct.pack("<I", len(raw)) + zstd(raw), joint=True)
    return repeated(size, body, rows=500)


def bombs(size):
    """Joint blocks whose frames would go on for ever."""
    frame = bytes.fromhex("28b52ffd0040") + 20 * bytes.fromhex("02001000") + bytes.fromhex("03001000")
    return repeated(size, lambda rows: sessions(1, struct.pack("<I", JOINT_MAX) + frame, joint=True), rows=1)


def most_flows(size):
    """Each session a flow of its own: the service counts on, and the address from block to block."""
    out = bytearray(START)
    rows = max(1, min(ROWS_MAX, size - len(out) - HEADER_SIZE))
    sequence = 1
    while sequence == 1 or len(out) + HEADER_SIZE + rows <= size:
        columns = [integers(1, CLOSE_US), index(0, 1), of_bytes(30, address(sequence), 1),
                   of_bytes(32, address(0xc0000202), 1), integers(28, 1), integers(31, 80),
                   integers(29, 1, flags=1, start=0)]
        out += block(TYPES["sessions"], 1, sequence, sessions(rows, content(rows, columns)), rows)
        sequence += 1
    return bytes(out)


def most_sources(size):
    """A source with each block."""
    out = bytearray(START)
    for source in range(2, min(SOURCES_MAX, (size - len(out)) // HEADER_SIZE + 2)):
        out += block(TYPES["metadata"], source, 0, b"")
    return bytes(out)


def sources_and_sessions(size):
    """A session of each source, by turns."""
    out, body = bytearray(START), sessions(1, content(1, required()))
    for number in range((size - len(out)) // (HEADER_SIZE + len(body))):
        sequence, source = divmod(number, SOURCES_MAX - 2)
        out += block(TYPES["sessions"], 2 + source, sequence, body, 1)
    return bytes(out)


def little_blocks(size):
    return repeated(size, lambda rows: sessions(1, content(1, required())), rows=1)


def sources_and_damage(size):
    """Half of it sources, half of it damaged places."""
    out = bytearray(most_sources(size // 2))
    out += damage(size // 2)[len(START):]
    return bytes(out)


def damage(size):
    """A byte too much behind each block."""
    out = bytearray(START)
    for sequence in range(1, (size - len(out)) // (HEADER_SIZE + 13) + 1):
        out += block(TYPES["name"], 1, sequence, struct.pack("<IQ", 1, sequence)) + b"!"
    return bytes(out)


def out_of_order(size):
    return START + (size - len(START)) // HEADER_SIZE * block(TYPES["metadata"], 1, 0, b"")


def names(size):
    out = bytearray(START)
    for sequence in range(1, (size - len(out)) // (HEADER_SIZE + 12) + 1):
        out += block(TYPES["name"], 1, sequence, struct.pack("<IQ", 1, sequence))
    return bytes(out)


def losses(size):
    out = bytearray(START)
    for sequence in range(1, (size - len(out)) // (HEADER_SIZE + 28) + 1):
        out += block(TYPES["loss"], 1, sequence, struct.pack("<IQQQ", 1, sequence, 0, 1))
    return bytes(out)


def unknown_blocks(size):
    out = bytearray(START)
    for sequence in range(1, (size - len(out)) // HEADER_SIZE + 1):
        out += block(100 + sequence % 100, 1, sequence, b"")
    return bytes(out)


def texts(size):
    """Metadata with all texts as long as they may be, again and again."""
    body = b"".join(struct.pack("<HI", tag, 4096) + b"\x1b" * 4096 for tag in TAGS_OF_TEXT)
    out = bytearray(START)
    for sequence in range(1, max(2, (size - len(out)) // (HEADER_SIZE + len(body)) + 1)):
        out += block(TYPES["metadata"], 1, sequence, body)
    return bytes(out)


def shared_texts(size):
    """Half of it texts that the file says of itself, half of it sources, of which each could say them again."""
    texts = [struct.pack("<HI", tag, min(4096, size // 24)) + b"x" * min(4096, size // 24) for tag in TAGS_OF_TEXT]
    meta = b"".join(texts)
    out = bytearray(preamble() + block(TYPES["metadata"], 0, 0, meta))
    for source in range(1, min(SOURCES_MAX, (size - len(out)) // HEADER_SIZE + 1)):
        out += block(TYPES["metadata"], source, 0, b"")
    return bytes(out)


def sync_words(size):
    return START + (size - len(START)) // 4 * SYNC


def headers(size):
    """Headers with right sums, each of which says that all that follows is its body."""
    out = bytearray(START)
    count = (size - len(out)) // HEADER_SIZE
    for left in range(count - 1, -1, -1):
        length = min(left * HEADER_SIZE, BODY_MAX)
        head = SYNC + struct.pack("<BBHIIIIQQ", TYPES["name"], 0, 0, 1, length, 0, 0, 1, 0)
        out += head + struct.pack("<Q", xxh3(head))
    return bytes(out)


def _with_end(out, root):
    """Puts an end block that names the root behind it."""
    return bytes(out) + block(TYPES["end"], 0, 9, struct.pack("<HIQ", 23, 8, root))


def index_without_page(size):
    """Half of it little blocks, whose page in the index is the other half, and no index block."""
    out = bytearray(names(size // 2))
    start, page = PREAMBLE_SIZE, len(out)
    out += block(100, 1, 1 << 20, bytes(max(0, size // 2 - 300)))
    entry = (varint(page - start) + varint(len(out) - page) + bytes([TYPES["index"]]) + varint(1) + varint(1) +
             varint(2 * CLOSE_US) + varint(0) + varint(1) + varint(1) + varint(1 << TYPES["name"]))
    root = len(out)
    out += block(TYPES["index"], 0, 1, varint(1) + varint(start) + entry)
    return _with_end(out, root)


def index_chain(size):
    """Index blocks beneath index blocks, each as long as it may be."""
    out = bytearray(names(size // 2))
    below = None
    while below is None or len(out) < size - 300:
        at = len(out)
        entry = b"\x00" + varint(70) + bytes([TYPES["metadata"], 0, 0])
        if below:
            start, offset, length = PREAMBLE_SIZE, *below
            entry = (varint(offset - start) + varint(length) + bytes([TYPES["index"]]) + varint(1) + varint(1) +
                     varint(2 * CLOSE_US) + varint(0) + varint(1) + varint(1) + varint(1 << TYPES["name"]))
        out += block(TYPES["index"], 0, 1, varint(1) + varint(PREAMBLE_SIZE) + entry + bytes(size // 32))
        below = (at, len(out) - at)
    return _with_end(out, below[0])


def many_ends(size):
    """Ends, each as long as the rest of the file, and with a wrong sum."""
    out = bytearray(names(max(len(START), size - 65000)))
    count = min(65000, size - len(out)) // HEADER_SIZE
    for left in range(count - 1, -1, -1):
        head = SYNC + struct.pack("<BBHIIIIQQ", TYPES["end"], 0, 0, 0, left * HEADER_SIZE, 0, 0, 1, 0)
        out += head + struct.pack("<Q", xxh3(head))
    return bytes(out)


def good(size):
    """As a recorder writes them: the sessions of a frozen capture, over and over."""
    data = (FIXTURES / "v1" / "many.tlz").read_bytes()
    at, _, _, length = next(found for found in blocks(data) if found[1] == TYPES["sessions"])
    body = data[at + HEADER_SIZE:at + length]
    out = bytearray(START)
    for sequence in range(1, max(2, (size - len(out)) // length + 1)):
        out += block(TYPES["sessions"], 1, sequence, body, struct.unpack_from("<I", data, at + 16)[0])
    return bytes(out)


HOSTILE = {f.__name__: f for f in (most_rows, most_fields, most_terms, most_columns, most_joint, bombs, most_flows,
                                   most_sources, sources_and_sessions, little_blocks, sources_and_damage, damage,
                                   out_of_order, names, losses, unknown_blocks, texts, shared_texts,
                                   sync_words, headers, index_without_page, index_chain, many_ends)}
