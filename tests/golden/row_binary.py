# SPDX-License-Identifier: BSD-2-Clause
"""RowBinary of ClickHouse, decoded by the types of a table, as ClickHouse's manual has it and not as the reporter writes it."""
import re
import struct

COLUMN = re.compile(r'^    "(\w+)" (.+?),? *(?:-- .*)?$', re.M)
NUMBERS = {"UInt8": "<B", "UInt16": "<H", "UInt32": "<I", "UInt64": "<Q", "Float64": "<d"}


def columns_of(statement):
    """[(name, type)] of what --schema clickhouse prints."""
    return COLUMN.findall(statement)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise ValueError(f"it ends within a value, at {self.at}")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number("<B")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def value(self, kind):
        """None = NULL."""
        if kind.startswith("Nullable("):
            return None if self.number("<B") else self.value(kind[len("Nullable("):-1])
        if kind in NUMBERS:
            return self.number(NUMBERS[kind])
        if kind == "String":
            return self.take(self.varint())
        return self.take(int(re.fullmatch(r"FixedString\((\d+)\)", kind)[1]))


def rows_of(data, columns):
    """[(the row's bytes, {name: value})]; what is NULL is left out."""
    reader = Reader(data)
    rows = []
    while reader.at < len(data):
        begin = reader.at
        row = {name: reader.value(kind) for name, kind in columns}
        rows.append((data[begin:reader.at], {name: value for name, value in row.items() if value is not None}))
    return rows
