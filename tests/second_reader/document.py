# SPDX-License-Identifier: BSD-2-Clause
"""What docs/FORMAT.md shows and lists, against the second reader."""
import pathlib
import re

import tlz
import tlz_bytes
import tlz_columns
from tlz_fields import ADDRESS, FIELDS, TEXT, TIME, TIME_MOST, kinds

ROOT = pathlib.Path(__file__).resolve().parents[2]
PART = re.compile(r"<!-- (example|file|table): ([^>]*?) -->\n(.*?)<!-- end -->", re.S)
HEX_LINE = re.compile(r"^ {4}(?:[0-9a-f]{4}  )?((?:[0-9a-f]{2} ?)+)(?:  .*)?$", re.M)
ENTRIES = [3, 2]  # of the tables of the examples' block
LIMITS = ("BODY_MOST", "ROWS_MOST", "ROWS_PER_BODY_BYTE", "TABLES_MOST", "COLUMNS_MOST", "TERMS_MOST",
          "BLOCK_TERMS_MOST", "CONTENT_MOST", "TEXT_MOST", "NAME_MOST", "ENTRIES_MOST", "SOURCE_MOST")


def parts(kind):
    """{what a marked part of the document is of: its text}."""
    text = (ROOT / "docs" / "FORMAT.md").read_text()
    return {what: part for found, what, part in PART.findall(text) if found == kind}


def table(name):
    """The cells of a table's rows."""
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in parts("table")[name].splitlines()]
    return rows[2:]


def shown_bytes(part):
    return bytes.fromhex("".join(HEX_LINE.findall(part)))


def example_columns(shown):
    """The columns of an example: the last one has its field, one before that is the index to its table."""
    cursor, columns = tlz_bytes.Cursor(shown), []
    while sum(column.size for column in columns) < cursor.left():
        columns.append(tlz_columns.read_header(cursor, ENTRIES, columns))
    for column in columns:
        column.data = cursor.take(column.size)
    return columns


def example_difference(what, part):
    number, expected = what.split(" = ")
    try:
        *indexes, column = example_columns(shown_bytes(part))
        values = [column.values[entry] for entry in indexes[0].values] if indexes else column.values
    except tlz_bytes.Broken as broken:
        return str(broken)
    found = [value.rstrip(b"\0").decode() if isinstance(value, bytes) else str(value) for value in values]
    good = column.number == int(number) and found == expected.split()
    return "" if good else f"field {column.number} is {found}"


def listed_fields():
    """The second reader's fields, as the document lists them."""
    words = {TEXT: "16 bytes", ADDRESS: "16 bytes", TIME: TIME_MOST}
    return [[number, ", ".join(kinds(number)), name, words.get(most, most)] for number, (name, most) in FIELDS.items()]


def greatest(cell):
    """A greatest value of the document: 65535, 2^32 - 1, 16 bytes."""
    power = re.fullmatch(r"2\^(\d+) - 1", cell)
    return 2**int(power[1]) - 1 if power else int(cell) if cell.isdigit() else cell


def checks():
    """(name, what is wrong or "") of each."""
    examples = parts("example")
    yield "the document has examples", "" if len(examples) >= 4 else f"{len(examples)}"
    for what, part in examples.items():
        yield f"example {what}", example_difference(what, part)
    captures = {path: part for path, part in parts("file").items() if path.endswith(".tlz")}
    yield "the document has a whole file", "" if captures else "none"
    for path, part in captures.items():
        yield f"the bytes of {path}", "" if shown_bytes(part) == (ROOT / path).read_bytes() else "others"
    fields = [[int(row[0]), row[1], row[2], greatest(row[4])] for row in table("fields")]
    yield "the document's fields", "" if fields == listed_fields() else "others"
    tags = {int(row[0]): row[1] for row in table("metadata")}
    yield "the document's tags", "" if tags == {tag: name for tag, (name, _) in tlz.TAGS.items()} else "others"
    limits = [int(row[1].split()[0]) for row in table("limits")]
    yield "the document's limits", "" if limits == [getattr(tlz_bytes, name) for name in LIMITS] else f"{limits}"
