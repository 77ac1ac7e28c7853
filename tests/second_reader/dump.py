#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints what a capture says as JSON lines: metadata, names, losses, damage, the end, and each session.

usage: dump.py CAPTURE

A session has the fields that are stored, times as Unix times, enumerations as numbers, and what follows from
them. Bytes are written as docs/JSON.md says.
"""
import ipaddress
import json
import sys

import tlz
from tlz_fields import STATE, derived


def block_lines(block):
    """What one block says, as dicts."""
    about = {"source": block.source}
    if block.type == tlz.METADATA:
        yield {"type": "metadata", **about, **block.content}
    elif block.type == tlz.SESSIONS:
        for row in block.content.rows:
            yield {**about, **row, **derived(row)}
    elif block.type == tlz.STATES:
        for row in block.content.rows:
            yield {"type": "state", **about, **row, **derived(row, STATE)}
    elif block.type == tlz.LOSS:
        yield {"type": "loss", **about, **vars(block.content)}
    elif block.type == tlz.STATES_LOSS:
        yield {"type": "states loss", **about, **vars(block.content)}
    elif block.type == tlz.NAME:
        yield {"type": "name", **about, **vars(block.content)}
    elif block.type == tlz.END:
        yield {"type": "end", **block.content}
    elif block.type != tlz.INDEX:
        yield {"type": "unknown", **about, "block": block.type}


def lines(data):
    """The dicts of all lines, in the order of the file. Texts, names and addresses are bytes. Raises tlz.Refused."""
    for event in tlz.read(data):
        if isinstance(event, tlz.Damage):
            yield {"type": "damage", **vars(event)}
        else:
            yield from block_lines(event)


def printable(key, value):
    """A value as JSON has it."""
    if not isinstance(value, bytes):
        return value
    if key in ("laddr", "raddr"):
        address = ipaddress.IPv6Address(value)
        return str(address.ipv4_mapped or address)
    if key == "capture_id":
        return value.hex()
    return "".join("\\\\" if b == 92 else chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in value)


def main():
    with open(sys.argv[1], "rb") as capture:
        data = capture.read()
    try:
        for line in lines(data):
            print(json.dumps({key: printable(key, value) for key, value in line.items()}))
    except tlz.Refused as refused:
        print(f"{sys.argv[1]}: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
