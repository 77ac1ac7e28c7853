# SPDX-License-Identifier: BSD-2-Clause
"""What all parts of a capture are read with: docs/FORMAT.md, sections 1 and 11."""
import xxhash
import zstandard

U64 = 2**64 - 1

# Section 11.
BODY_MOST = 16777216
ROWS_MOST = 16384
ROWS_PER_BODY_BYTE = 1
TABLES_MOST = 16
COLUMNS_MOST = 256
TERMS_MOST = 12
BLOCK_TERMS_MOST = 128
CONTENT_MOST = 262144
TEXT_MOST = 4096
NAME_MOST = 4096
ENTRIES_MOST = 1024
SOURCE_MOST = 65535

VARINT_BYTES = 10
FRAME_MAGIC = b"\x28\xb5\x2f\xfd"
SLICE = 64  # bytes of a frame at a time: a small frame that would fill the memory is left in time


class Refused(Exception):
    """The file, or the rest of it, is not for this reader."""


class Broken(Exception):
    """A block whose sums are right breaks a rule: it is damaged as a whole (section 4)."""


def must(good, why):
    """Raises Broken, which says why, unless good."""
    if not good:
        raise Broken(why)


def xxh3(data):
    """The 64-bit XXH3 with seed 0."""
    return xxhash.xxh3_64_intdigest(data)


def unzstd(stored, size):
    """What one zstd frame, and nothing besides, holds: just size bytes. Raises Broken."""
    must(stored[:len(FRAME_MAGIC)] == FRAME_MAGIC, "no zstd frame")
    frame = zstandard.ZstdDecompressor().decompressobj()
    content = b""
    try:
        for at in range(0, len(stored), SLICE):
            content += frame.decompress(stored[at:at + SLICE])
            must(len(content) <= size, "a frame holds more than it must")
    except zstandard.ZstdError as error:
        raise Broken(f"zstd: {error}") from error
    must(frame.eof and not frame.unused_data, "bytes that are not one frame")
    must(len(content) == size, "a frame holds less than it must")
    return content


class Cursor:
    """Takes one thing after the other from bytes. Raises Broken where they end too early."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def left(self):
        return len(self.data) - self.at

    def take(self, size):
        """The next size bytes."""
        must(size <= self.left(), "it ends too early")
        self.at += size
        return self.data[self.at - size:self.at]

    def rest(self):
        return self.take(self.left())

    def number(self, size):
        """The next size bytes as a little-endian number."""
        return int.from_bytes(self.take(size), "little")

    def u8(self):
        return self.number(1)

    def u16(self):
        return self.number(2)

    def u32(self):
        return self.number(4)

    def u64(self):
        return self.number(8)

    def varint(self):
        value = 0
        for i in range(VARINT_BYTES):
            byte = self.u8()
            value |= (byte & 0x7f) << 7 * i
            if byte < 0x80:
                must(value <= U64, "a varint of more than 64 bits")
                return value
        raise Broken("a varint that does not end")
