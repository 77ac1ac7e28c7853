# SPDX-License-Identifier: BSD-2-Clause
"""A block of sessions or of states: docs/FORMAT.md, sections 6.1 and 6.2."""
from dataclasses import dataclass

from tlz_bytes import COLUMNS_MOST, CONTENT_MOST, ROWS_PER_BODY_BYTE, TABLES_MOST, U64, Cursor, Refused, must, unzstd
from tlz_columns import check_headers, read_header
from tlz_fields import FIELDS, LADDR, RADDR, TIME_MOST, TIMES, add_ports, field_values
from tlz_ranges import read_ranges

FLAGS_AT = 40  # in the head
JOINT = 1


@dataclass
class Rows:
    """A block of rows, decoded: rows are {name in section 7: value}, times as Unix times."""
    boot: int
    unix: int
    apart: int
    clock: int
    smallest: int
    greatest: int
    kind: str
    joint: bool = False
    columns: list = None
    rows: list = None
    ranges: dict = None  # by field (section 6.5): (smallest, greatest), or the set of values; None = there are none

    def unix_time(self, time):
        return time - self.boot + self.unix & U64


def read_content(content, rows, kind):
    """Section 6.2: the columns."""
    cursor = Cursor(content)
    tables = cursor.varint()
    must(1 <= tables <= TABLES_MOST, "too many tables")
    entries = [cursor.varint() for _ in range(tables)]
    must(entries[0] == rows and all(1 <= n <= rows for n in entries), "tables of a wrong size")
    count, columns = cursor.varint(), []
    must(count <= COLUMNS_MOST, "too many columns")
    for _ in range(count):
        columns.append(read_header(cursor, entries, columns, kind))
    check_headers(columns)
    for column in columns:
        column.data = cursor.take(column.size)
    must(cursor.left() == 0, "bytes behind the last column")
    return columns


def index_to(columns, table):
    """The column that leads to a table, None when there is none."""
    return next((column for column in columns if column.is_index and column.number == table), None)


def is_reached(columns, table):
    """Whether indexes lead there from table 0."""
    index = index_to(columns, table)
    return table == 0 or (index is not None and is_reached(columns, index.table))


def way(columns, table, rows):
    """The entry of the table that each row leads to."""
    if table == 0:
        return range(rows)
    index = index_to(columns, table)
    return [index.values[entry] for entry in way(columns, index.table, rows)]


def check_required(columns, time):
    """The fields without which there is no row (section 6.3)."""
    found = {column.number: column for column in columns if column.is_field}
    for number in (time, LADDR, RADDR):
        column = found.get(number)
        must(column and column.presence == 0, "a field is absent that must be there")
        must(is_reached(columns, column.table), "a field to which nothing leads")
    must(found[time].table == 0, "the time is not in table 0")


def make_rows(block, count):
    """The rows, in order: {name: value} of the fields that they have."""
    rows, ways = [{} for _ in range(count)], {}
    for column in block.columns:
        if not column.is_field or not is_reached(block.columns, column.table):
            continue
        name, values = FIELDS[column.number][0], field_values(block, column)
        if column.table not in ways:
            ways[column.table] = way(block.columns, column.table, count)
        for row, entry in zip(rows, ways[column.table]):
            if values[entry] is not None:
                row[name] = values[entry]
    for row in rows:
        add_ports(row)
    return rows


def check_times(block):
    """The head's times, as Unix times (section 6.1)."""
    times = [row[FIELDS[TIMES[block.kind]][0]] for row in block.rows]
    head = block.unix_time(block.smallest), block.unix_time(block.greatest)
    must(head == (min(times), max(times)) and max(times) <= TIME_MOST, "the head's times are not those of the rows")


def read_rows(body, rows, kind):
    """Section 6. Raises Broken, and Refused where flags are not known, whatever else there is."""
    if int.from_bytes(body[FLAGS_AT:FLAGS_AT + 4], "little") & ~JOINT:
        raise Refused("needs a newer reader")
    must(rows <= len(body) * ROWS_PER_BODY_BYTE, "more rows than bytes")
    head = Cursor(body)
    block = Rows(head.u64(), head.u64(), head.u32(), head.u32(), head.u64(), head.u64(), kind)
    block.joint = head.u32() == JOINT
    length = head.u32()
    content = head.take(length)
    if block.joint:
        stored = Cursor(content)
        size = stored.u32()
        must(size <= CONTENT_MOST, "too much content")
        content = unzstd(stored.rest(), size)
    block.columns = read_content(content, rows, kind)
    check_required(block.columns, TIMES[kind])
    block.rows = make_rows(block, rows)
    check_times(block)
    block.ranges = read_ranges(head, kind)
    return block
