#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--schema is a JSON Schema; all JSON that the reporter prints keeps to it: in every golden case, and of every good
capture in every view; and what is wrong does not.

usage: schema_test.py TCPLIFE_REPORT
"""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
try:
    import jsonschema
    from jsonschema import Draft202012Validator, FormatChecker
except ImportError as missing:
    print(f"SKIP schema: {missing.name} is not there for {sys.executable}")
    sys.exit(77)

from page_document import Page  # noqa: E402

REPORT = str(pathlib.Path(sys.argv[1]).resolve())
HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
STEP = int(os.environ.get("STEP", "1"))
HUGE = 1 << 64
# Views that are asked for in other ways than by their option alone.
ASKED = {
    "flows": ["--flows", "--flows=raddr/24,close_us/1h,ms/1s,end,v6_socket", "--flows=comm,tx_bytes",
              "--flows=ms/1.5ms,close_us/0.25s,min_rtt_us/2.5ms",
              "--flows --compare good-two-hosts.tlz"],
    "histogram": ["--histogram=ms", "--histogram=tx_bytes", "--histogram=end", "--histogram=comm", "--histogram=raddr",
                  "--histogram=segs_out", "--histogram=close_us", "--histogram=family", "--histogram=pid"],
    "timeline": ["--timeline=1s"],
    "pairs": ["--pairs", "--pairs=hosts"],
}


class Failure(Exception):
    """The case failed; its text says why."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def report(*arguments):
    return subprocess.run([REPORT, "-q", *map(str, arguments)], check=False, capture_output=True,
                          cwd=FIXTURES).stdout.decode()


class Schema:
    """What --schema prints, and validators of its parts."""

    def __init__(self):
        self.text = report("--schema")
        self.whole = json.loads(self.text)
        self.parts = {}
        Draft202012Validator.check_schema(self.whole)

    def definition(self, name):
        return self.whole["$defs"][name]

    def part(self, name):
        if name not in self.parts:
            self.parts[name] = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": self.whole["$defs"]},
                                                    format_checker=FormatChecker())
        return self.parts[name]

    def views(self):
        return [name.removesuffix("_document") for name in self.whole["$defs"] if name.endswith("_document")]

    def row(self, view):
        """The definition of a row of that view."""
        return self.definition(f"{view}_document")["properties"][view]["items"]["$ref"].rsplit("/", 1)[1]

    def of_line(self, line):
        """What a line is, by what it has."""
        return f"{line['type']}_line" if f"{line.get('type')}_line" in self.whole["$defs"] and "help" not in line else "line"

    def wrong(self, value):
        """The first thing that is wrong with a document or line, or None."""
        view = next((key for key in value if key in self.views() and {"captures", "losses"} <= set(value)), None)
        error = next(self.part(f"{view}_document" if view else self.of_line(value)).iter_errors(value), None)
        return error and f"{list(error.absolute_path)}: {error.message[:300]}"


SCHEMA = Schema()


def values_of(text):
    """The JSON objects that begin at the beginnings of lines."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        if text[at] == "{":
            try:
                value, at = decoder.raw_decode(text, at)
                yield value
            except json.JSONDecodeError:
                pass
        end = text.find("\n", at)
        at = len(text) if end < 0 else end + 1


def try_views():
    """Every view that --help has."""
    listed = re.search(r"What to show:\n(.*?)\n\n", report("--help"), re.S)[1]
    views = re.findall(r"^ +--([a-z]+)", listed, re.M)
    missing = set(views) - set(SCHEMA.views()) - {"compare", "html"}
    expect(views and not missing, f"{missing} are not in it")
    json.loads(report("--schema=json"))
    expect(report("--schema=json") == SCHEMA.text, "--schema=json is another")


def try_columns():
    """Every column that is listed, with its type."""
    types = {"integer": 5, "number": 5.5, "string": "", "boolean": True}
    for view in SCHEMA.views():
        if view == "columns":
            continue
        for option in ASKED.get(view, [f"--{view}"]):
            for column in json.loads(report("--list-columns", "--json", *option.split()))["columns"]:
                row = SCHEMA.part(SCHEMA.row(view))
                name = column["name"]
                expect(any(row.is_valid({name: value}) for value in sample_values(column["type"])),
                       f"{option} has {name}, which it does not take")
                for kind, value in types.items():
                    if kind != column["type"] and (kind, column["type"]) != ("integer", "number"):
                        ok = kind == "integer" and column["type"] == "string" and row.is_valid({name: value})
                        expect(ok or not row.is_valid({name: value}), f"{option}: {name} may be {kind}")


def sample_values(kind):
    return {"integer": [5], "number": [0.5], "boolean": [True],
            "string": ["connect", "total", "out", "closed-here", "CLOSE", "192.0.2.1", "192.0.2.0/24", "a" * 32, "x"]}[kind]


def try_golden():
    """Every golden case that has JSON; on a slow machine too, since what is kept is read and nothing is run."""
    count = 0
    for script in sorted((HERE / "cases").glob("*.cmd")):
        output = script.with_suffix(".stdout")
        if "json" not in script.read_text() or "--schema" in script.read_text() or not output.exists():
            continue
        for value in values_of(output.read_text()):
            count += 1
            wrong = SCHEMA.wrong(value)
            expect(not wrong, f"{script.stem}: {wrong}")
    expect(count > 300, f"only {count} values were found")


def try_fixtures():
    """Every good capture in every view, and what is always there."""
    for capture in sorted([*FIXTURES.glob("good-*.tlz"), FIXTURES / "sample.tlz"])[::STEP]:
        for view in SCHEMA.views():
            for option in ASKED.get(view, ["--list-columns" if view == "columns" else f"--{view}"]):
                document = json.loads(report(capture, *option.split(), "--json"))
                wrong = SCHEMA.wrong(document)
                expect(not wrong, f"{capture.name} {option}: {wrong}")
                whole = f"whole_{SCHEMA.row(view)}"
                if whole in SCHEMA.whole["$defs"]:
                    for row in document[view]:
                        expect(SCHEMA.part(whole).is_valid(row), f"{capture.name} {option}: no {whole}: {row}")
        for line in values_of(report(capture, "--jsonl", "--with-meta", "--sessions", "--states")):
            wrong = SCHEMA.wrong(line)
            expect(not wrong, f"{capture.name} --jsonl: {wrong}")


def try_pages():
    """What is in a page, of every good capture."""
    part = SCHEMA.part("page")
    for capture in sorted([*FIXTURES.glob("good-*.tlz"), FIXTURES / "sample.tlz"])[::STEP]:
        data = Page(report(capture, "--html", "-")).data
        error = next(part.iter_errors(data), None)
        expect(not error, f"{capture.name}: {error and error.message[:300]}")
    empty = {key: [] if isinstance(value, list) else value for key, value in data.items()}
    expect(part.is_valid(empty), "an empty one is not taken")
    expect(not any(part.is_valid({k: v for k, v in empty.items() if k != key}) for key in empty), "less is taken")


def mutations(value):
    """What a value must not be instead."""
    yield None
    yield {}
    if isinstance(value, bool):
        yield from (1, "true")
    elif isinstance(value, (int, float)):
        yield from (-1, str(value), True, [value])
        if isinstance(value, int):
            yield from (value + 0.5, HUGE)
    elif isinstance(value, str):
        yield from ("\x1b[31m", "a\\b", "\nx", [value])
    elif isinstance(value, list):
        yield from ("", value + [None])


def wrong_copies(document):
    """(what, a copy) of each way to break a document at one member."""
    for path, holder in holders(document, []):
        for key in holder:
            for value in mutations(holder[key]):
                # A text that may be a number, too, where a later version has no name for it.
                yield f"{path + [key]} = {value!r}", path, key, value
        yield f"{path} has a member too many", path, "no_such_member", 1


def holders(value, path):
    if isinstance(value, dict):
        yield path, value
        for key, member in value.items():
            yield from holders(member, path + [key])
    elif isinstance(value, list):
        for i, member in enumerate(value[:2]):
            yield from holders(member, path + [i])


def broken(document, path, key, value):
    new = copy.deepcopy(document)
    holder = new
    for step in path:
        holder = holder[step]
    holder[key] = value
    return new


def small(document):
    """The same with few of each list, to be broken in every way."""
    return {key: value[:2] if isinstance(value, list) else value for key, value in document.items()}


def try_wrong():
    """What has one wrong thing in it is refused."""
    count = 0
    for name, option in (("sample", "--sessions"), ("good-states", "--states"), ("sample", "--flows"),
                         ("good-losses", "--info"), ("good-two-hosts", "--sessions")):
        document = small(json.loads(report(FIXTURES / f"{name}.tlz", option, "--json")))
        expect(not SCHEMA.wrong(document), f"{name} {option}: {SCHEMA.wrong(document)}")
        part = SCHEMA.part(f"{option[2:]}_document")
        for what, path, key, value in wrong_copies(document):
            count += 1
            expect(not part.is_valid(broken(document, path, key, value)), f"{name} {option}: {what} is taken")
        for key in document:
            expect(not part.is_valid({k: v for k, v in document.items() if k != key}), f"{option} without {key} is taken")
    expect(count > 2000, f"only {count} were tried")


def try_wrong_lines():
    """So are lines that have a type."""
    for line in values_of(report(FIXTURES / "good-states.tlz", "--jsonl", "--with-meta", "--sessions")):
        if "type" not in line:
            continue
        part = SCHEMA.part("line")
        expect(part.is_valid(line), f"{line}")
        for what, path, key, value in wrong_copies(line):
            expect(not part.is_valid(broken(line, path, key, value)), f"{line['type']}: {what} is taken")
        for key in ("type", "kind", "cause", "file"):
            if key in line:
                rest = {k: v for k, v in line.items() if k != key}
                expect(not SCHEMA.part("meta_line").is_valid(rest), f"a line without {key} is taken")


def try_bounds():
    """Just inside, and just outside."""
    row = SCHEMA.part("session")
    for name, greatest in (("pid", 2**32 - 1), ("cookie", 2**64 - 1), ("lport", 65535), ("close_us", 2**63 - 1),
                           ("tx_bytes", 2**64 - 1), ("error", 2**32 - 1), ("last_state", 2**32 - 1)):
        expect(row.is_valid({name: greatest}) and not row.is_valid({name: greatest + 1}), f"bounds of {name}")
    for name, good, bad in (("comm", "\\x00" * 16, "\\x00" * 17), ("end", "refused", "refuse"), ("owner", "io", 3),
                            ("raddr", "::1", "example.org"), ("raddr", "192.0.2.1", "192.0.2.256"),
                            ("comm", "a\\\\b", "a\\xg0")):
        expect(row.is_valid({name: good}) and not row.is_valid({name: bad}), f"{name}: {good}, {bad}")


CASES = (try_views, try_columns, try_golden, try_fixtures, try_pages, try_wrong, try_wrong_lines, try_bounds)


def main():
    failed = False
    os.environ["TZ"] = "UTC"
    for case in CASES:
        try:
            case()
            print(f"PASS {case.__name__}", flush=True)
        except (Failure, jsonschema.SchemaError, json.JSONDecodeError) as failure:
            failed = True
            print(f"FAIL {case.__name__}: {failure}", flush=True)
    return 1 if failed else 0


sys.exit(main())
