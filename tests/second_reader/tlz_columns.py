# SPDX-License-Identifier: BSD-2-Clause
"""The headers of the columns of a block of rows: docs/FORMAT.md, section 6.3."""
from dataclasses import dataclass, field
from functools import cached_property

from tlz_bytes import BLOCK_TERMS_MOST, TERMS_MOST, Cursor, must
from tlz_data import BITMAP, BYTES, BYTES_SIZE, DOWN, FIRST, INDEX, INTEGERS, LOGARITHMS, LANES, SUM, decode
from tlz_fields import ADDRESS, FIELDS, SESSION, TEXT, kinds

FLAGS = SUM | LOGARITHMS | DOWN | FIRST | LANES
WIDTH_MOST = 8


@dataclass
class Column:
    """A column's header, and its data as they are stored. entries are the tables' numbers of entries."""
    kind: int
    table: int
    number: int
    stored: int
    entries: list = field(repr=False)
    rows: str = SESSION         # what the block's rows are of
    known: bool = True
    presence: int = 0
    bitmap: "Column" = None     # that the presence names
    index: "Column" = None      # that leads to the bitmap's table, where that is another
    flags: int = 0
    codes: int = 0
    width: int = 0
    base: int = 0
    start: int = 0
    terms: list = field(default_factory=list)   # (column, 1 or -1)
    mask: int = 0
    fixed: bytes = b""
    data: bytes = b""

    @property
    def size(self):
        return self.stored >> 1

    @property
    def compressed(self):
        return bool(self.stored & 1)

    @property
    def is_field(self):
        """It has the values of a field that section 7 names for such rows."""
        return (self.known and self.kind in (INTEGERS, BYTES) and self.number in FIELDS
                and self.rows in kinds(self.number))

    @property
    def is_index(self):
        return self.known and self.kind == INDEX

    @cached_property
    def values(self):
        """Those of its table's entries, in their order: None where absent. Decoded when they are first asked for: what
        nobody asks for may be wrong without being seen (section 7). Raises Broken."""
        return decode(self)


def read_header(cursor, entries, earlier, rows=SESSION):
    """One column's header; those before it are the earlier ones. Raises Broken."""
    head = Cursor(cursor.take(cursor.varint()))
    column = Column(head.u8(), head.u8(), head.varint(), head.varint(), entries, rows)
    must(column.table < len(entries), "a column of a table that is not there")
    column.known = column.kind in (BITMAP, INTEGERS, BYTES, INDEX)
    if not column.known or column.kind == BITMAP:
        return column
    read_presence(head, column, earlier)
    if column.kind == BYTES:
        column.mask = head.u16()
        column.fixed = head.take(BYTES_SIZE - column.mask.bit_count())
    else:
        read_integers(head, column, earlier)
    return column


def read_presence(head, column, earlier):
    """The bitmap by which the column has values."""
    column.presence = head.varint()
    if column.presence == 0:
        return
    bitmaps = [other for other in earlier if other.kind == BITMAP]
    number = (column.presence - 1) // 2
    must(number < len(bitmaps), "a presence that is no earlier bitmap")
    column.bitmap = bitmaps[number]
    if column.bitmap.table != column.table:
        leading = [other for other in earlier if other.is_index and other.table == column.table
                   and other.number == column.bitmap.table]
        must(leading, "a presence to which nothing leads")
        column.index = leading[0]


def read_integers(head, column, earlier):
    """The rest of the header of integers or of an index."""
    column.flags = head.u8()
    if column.flags & ~FLAGS:
        column.known = False
        return
    must(not column.flags & FIRST or column.kind == INDEX, "first, and no index")
    must(not column.flags & LANES or column.flags & (SUM | LOGARITHMS) == SUM, "lanes without a running sum")
    if column.flags & LOGARITHMS:
        column.codes = head.varint()
        must(column.codes <= column.size, "more codes than data")
    else:
        column.width = head.u8()
        must(column.width <= WIDTH_MOST, "more than 8 planes")
    column.base = head.varint()
    if column.flags & SUM:
        column.start = head.varint()
    terms = head.varint()
    must(terms <= TERMS_MOST, "too many terms")
    for _ in range(terms):
        read_term(head, column, earlier)


def read_term(head, column, earlier):
    term = head.varint()
    must(term >> 1 < len(earlier), "a term that is no earlier column")
    other = earlier[term >> 1]
    column.known = column.known and other.known
    must(other.table == column.table and (other.kind == INTEGERS or not other.known),
         "a term that is no integer of the same table")
    must(column.kind != INDEX, "an index with terms")
    column.terms.append((other, -1 if term & 1 else 1))


def check_headers(columns):
    """What the columns of a block must be, and together. Raises Broken."""
    fields = [column.number for column in columns if column.is_field]
    targets = [column.number for column in columns if column.is_index]
    must(len(set(fields)) == len(fields), "a field comes twice")
    must(len(set(targets)) == len(targets), "two indexes to one table")
    must(sum(len(column.terms) for column in columns) <= BLOCK_TERMS_MOST, "too many terms in the block")
    for column in columns:
        if column.is_index:
            must(column.table < column.number < len(column.entries), "an index that leads nowhere")
            must(column.presence == 0, "an index with a presence")
        elif column.is_field:
            is_bytes = FIELDS[column.number][1] in (TEXT, ADDRESS)
            must(is_bytes == (column.kind == BYTES), "a field in a column of the wrong kind")
