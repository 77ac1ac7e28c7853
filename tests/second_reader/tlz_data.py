# SPDX-License-Identifier: BSD-2-Clause
"""The data of the columns of a block of sessions: docs/FORMAT.md, section 6.4. All functions raise Broken."""
from tlz_bytes import U64, must, unzstd

# Section 6.3.
BITMAP, INTEGERS, BYTES, INDEX = 1, 2, 3, 4
SUM, LOGARITHMS, DOWN, FIRST, LANES = 1, 2, 4, 8, 16
BYTES_SIZE = 16

CODE_MOST = 251
LANE_COUNT = 256


def decode(column):
    """The values of the entries of the column's table: None where absent."""
    if column.kind == BITMAP:
        return bitmap(column)
    has = present(column)
    of_kind = {BYTES: byte_strings, INDEX: index, INTEGERS: running}[column.kind]
    present_values = iter(of_kind(column, sum(has)))
    values = [next(present_values) if here else None for here in has]
    for i, value in enumerate(values):
        if column.terms and value is not None:
            values[i] = value + sum(sign * (other.values[i] or 0) for other, sign in column.terms) & U64
    return values


def unpack(column, data, size):
    """Just size bytes, from those that are stored."""
    if column.compressed:
        return unzstd(data, size)
    must(len(data) == size, "a column's data are not as long as they must be")
    return data


def bitmap(column):
    entries = column.entries[column.table]
    bits = int.from_bytes(unpack(column, column.data, (entries + 7) // 8), "little")
    must(bits >> entries == 0, "bits behind a bitmap's last")
    return [bool(bits >> i & 1) for i in range(entries)]


def present(column):
    """Of each entry of the column's table, whether it has a value."""
    if column.presence == 0:
        return [True] * column.entries[column.table]
    bits = column.bitmap.values
    if column.index:
        bits = [bits[entry] for entry in column.index.values]
    wanted = column.presence % 2 == 1
    return [bit == wanted for bit in bits]


def byte_strings(column, count):
    size = column.mask.bit_count()
    data = unpack(column, column.data, size * count)
    strings = []
    for i in range(count):
        differing, fixed = iter(data[i * size:(i + 1) * size]), iter(column.fixed)
        strings.append(bytes(next(differing if column.mask >> position & 1 else fixed)
                             for position in range(BYTES_SIZE)))
    return strings


def planes(column, count):
    """The lane of each number, and the numbers."""
    first = count if column.flags & LANES else 0
    data = unpack(column, column.data, first + count * column.width)
    numbers = [sum(data[first + k * count + i] << 8 * k for k in range(column.width)) for i in range(count)]
    return data[:first] or bytes(count), numbers


def logarithms(column, count):
    """The numbers of codes, and of the bits behind them."""
    codes = unpack(column, column.data[:column.codes], count)
    behind = column.data[column.codes:]
    bits, at, numbers = int.from_bytes(behind, "little"), 0, []
    for code in codes:
        must(code <= CODE_MOST, "a code that is none")
        if code < 8:
            numbers.append(code)
            continue
        low = 3 + (code - 8) // 4 - 2
        numbers.append((4 + (code - 8) % 4 << low) + (bits >> at & (1 << low) - 1))
        at += low
    must(len(behind) == (at + 7) // 8, "bits that are too many or too few")
    return numbers


def running(column, count):
    """r, for each number."""
    if column.flags & LOGARITHMS:
        lanes, numbers = bytes(count), logarithms(column, count)
    else:
        lanes, numbers = planes(column, count)
    values, last = [], [column.start] * LANE_COUNT
    for lane, u in zip(lanes, numbers):
        value = column.base - u if column.flags & DOWN else column.base + u
        if column.flags & SUM:
            value += last[lane]
        values.append(value & U64)
        last[lane] = value & U64
    return values


def index(column, count):
    """The entries of the other table that the column leads to."""
    numbers, fresh = running(column, count), 0
    if column.flags & FIRST:
        for i, k in enumerate(numbers):
            numbers[i] = k - 1 if k else fresh
            fresh += k == 0
    must(all(entry < column.entries[column.number] for entry in numbers), "an index to an entry that is not there")
    return numbers
