# SPDX-License-Identifier: BSD-2-Clause
"""Between which values those of a block's rows are: docs/FORMAT.md, section 6.5."""
from tlz_bytes import U64, Broken, must
from tlz_data import BITMAP
from tlz_fields import ENUMERATIONS, FIELDS, RANGED, SESSION, kinds

RANGES = b"\xf4TLR"
DERIVED = {1024: "ms", 1025: "tx_payload_bytes", 1026: "rx_payload_bytes"}
LESS = {"tx_payload_bytes": ("sent_bytes", "retrans_bytes"), "rx_payload_bytes": ("rx_bytes", "fin_received")}


def name_of(key, rows):
    """The field of rows of that kind of which a key's range tells, or None."""
    number, is_enumeration = key >> 1, bool(key & 1)
    if number in DERIVED:
        return DERIVED[number] if rows == SESSION and not is_enumeration else None
    if number not in RANGED or rows not in kinds(number) or is_enumeration != (number in ENUMERATIONS):
        return None
    return FIELDS[number][0]


def read_ranges(cursor, rows):
    """Section 6.5, behind the content. None where there are none that keep the rules."""
    try:
        if cursor.take(len(RANGES)) != RANGES:
            return None
        ranges = {}
        for _ in range(cursor.varint()):
            key = cursor.varint()
            name = name_of(key, rows)
            if key & 1:
                bits = cursor.varint()
                told = {value for value in range(64) if bits >> value & 1}
            else:
                least = cursor.varint()
                told = least, least + cursor.varint()
                must(told[1] <= U64, "a range beyond 64 bits")
            must(name not in ranges, "a field that comes twice")
            if name and told:
                ranges[name] = told
        return ranges
    except Broken:
        return None


def value_for_ranges(row, name):
    """A field's value, a derived one, too (section 7.2)."""
    if name == "ms":
        open_us = row.get("open_us")
        if open_us is not None and "syn_sent_us" in row and "syn_recv_us" in row:
            open_us += row["syn_sent_us"]
        birth = row.get("established_us", open_us)
        return row["close_us"] - birth if birth is not None and birth <= row["close_us"] else None
    if name in LESS:
        whole, part = (row.get(field) for field in LESS[name])
        return None if whole is None or part is None or part > whole else whole - part
    return row.get(name)


def check_ranges(block):
    """That the ranges are those of the rows: what differs, or None. With unknown columns nothing is compared."""
    if not all(column.is_field or column.is_index or column.kind == BITMAP for column in block.columns):
        return None
    for name, told in (block.ranges or {}).items():
        values = [value for value in (value_for_ranges(row, name) for row in block.rows) if value is not None]
        if isinstance(told, set):
            found = {min(value, 63) for value in values}
        else:
            found = (min(values), max(values)) if values else None
        if found != told:
            return f"{name} is {found} and not {told}"
    return None
