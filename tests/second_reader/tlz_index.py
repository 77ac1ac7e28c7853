# SPDX-License-Identifier: BSD-2-Clause
"""The index of a capture: docs/FORMAT.md, sections 9 and 12."""
from dataclasses import dataclass

from tlz import END, HEADER_SIZE, INDEX, ROWS, Block, block_at, read_tags, salt_of
from tlz_bytes import ENTRIES_MOST, Cursor, must

END_WITHIN = 65536


@dataclass
class Entry:
    """What an index says of a block. begin is where the blocks beneath it begin; its own offset when it is no index."""
    begin: int
    offset: int
    size: int
    type: int
    source: int
    rows: int
    first: int = None
    last: int = None
    blocks: int = None
    indexes: int = None
    types: int = None


def read_entry(cursor, begin, last_first):
    """One entry, which begins there. The last entry that has a smallest time has it from last_first."""
    before, size = cursor.varint(), cursor.varint()
    entry = Entry(begin, begin + before, size, cursor.u8(), cursor.varint(), cursor.varint())
    if entry.rows:
        difference = cursor.varint()
        entry.first = last_first + (-(difference + 1 >> 1) if difference & 1 else difference >> 1)
        entry.last = entry.first + cursor.varint()
    if entry.type == INDEX:
        entry.blocks, entry.indexes, entry.types = cursor.varint(), cursor.varint(), cursor.varint()
    else:
        must(before == 0, "bytes before a block")
    return entry


def read_index(body):
    """Section 9: the entries of an index block. Raises Broken."""
    cursor, entries, first = Cursor(body), [], 0
    count, at = cursor.varint(), cursor.varint()
    must(1 <= count <= ENTRIES_MOST, "an index of no entries, or too many")
    for _ in range(count):
        entry = read_entry(cursor, at, first)
        at = entry.offset + entry.size
        first = first if entry.first is None else entry.first
        entries.append(entry)
    return entries


def find_end(data):
    """Section 12: the end block that ends where the file ends, None when there is none."""
    for at in range(len(data) - HEADER_SIZE, max(len(data) - END_WITHIN, 0) - 1, -1):
        block = block_at(data, at, salt_of(data))
        if block and block.type == END and block.end == len(data):
            return block
    return None


def index_at(data, offset, size=None):
    """The entries of the index block at that offset, which has that size. Raises Broken."""
    block = block_at(data, offset, salt_of(data))
    must(block and block.type == INDEX and block.source == 0, "no index block where one should be")
    must(size is None or block.end - offset == size, "an index block of another size")
    return read_index(block.body)


def sum_up(data, entry):
    """Checks that the entry of an index block says what stands beneath it. Returns the entries of the other blocks
    beneath it; of a block that is no index block its own. Raises Broken."""
    if entry.type != INDEX:
        return [entry]
    children = index_at(data, entry.offset, entry.size)
    leaves = [leaf for child in children for leaf in sum_up(data, child)]
    rows = [leaf for leaf in leaves if leaf.rows]
    sources, types = {leaf.source for leaf in leaves}, {leaf.type for leaf in leaves}
    must(children[0].begin == entry.begin and children[-1].offset + children[-1].size == entry.offset,
         "an index of other bytes")
    must(entry.source == (min(sources) if len(sources) == 1 else 0), "an index of another source")
    must(entry.rows == sum(leaf.rows for leaf in rows), "an index with another number of rows")
    must(not rows or (entry.first, entry.last) == (min(leaf.first for leaf in rows), max(leaf.last for leaf in rows)),
         "an index with other times")
    must(entry.blocks == len(leaves), "an index with another number of blocks")
    must(entry.indexes == 1 + sum(child.indexes for child in children if child.type == INDEX), "... of index blocks")
    must(entry.types == sum(1 << kind for kind in {min(kind, 63) for kind in types}), "an index with other types")
    return leaves


def depth(data, entry):
    """How many levels of index blocks stand above the blocks of this entry, itself included."""
    return 1 + depth(data, index_at(data, entry.offset)[0]) if entry.type == INDEX else 0


def as_entry(block):
    """What an index must say of a block that was read."""
    entry = Entry(block.offset, block.offset, block.end - block.offset, block.type, block.source, 0)
    if block.type in ROWS:
        entry.rows = block.rows
        entry.first, entry.last = map(block.content.unix_time, (block.content.smallest, block.content.greatest))
    return entry


def root_of(end):
    """The offset of the root that the end block tells, None when it tells none."""
    return read_tags(end.body).get("index_offset")


def check_index(data, events):
    """Reads the index of a capture, of which tlz.read told these events. Returns how many levels it has. Raises Broken
    when it is not there, or says anything else than the blocks."""
    end = find_end(data)
    must(end and root_of(end) is not None, "no index")
    children = index_at(data, root_of(end))
    listed = [leaf for child in children for leaf in sum_up(data, child)]
    found = [event for event in events if isinstance(event, Block) and event.type not in (INDEX, END)]
    must(listed == [as_entry(block) for block in found], "the index says something else")
    return 1 + depth(data, children[0])
