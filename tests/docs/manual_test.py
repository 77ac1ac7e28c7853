#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--help and the manual pages agree: each option of the one is in the other, by its letter, its name and what its value
is called, and the defaults that they name are the same. And the pages are well-formed.

usage: manual_test.py PROGRAM...
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PAGES = {"tcplife-record": "tcplife-record.1", "tcplife-report": "tcplife-report.1", "tcplife-live": "tcplife-live.8",
         "tcpstates-live": "tcpstates-live.8"}

# "  -o, --output FILE       the capture", "  -4   IPv4", "      --flush TIME", "      --flows[=KEYS]"; two spaces end the
# option.
HELP_OPTION = re.compile(r"  (?:(-\w)|   )(?:, |(?= {2})| )?(--[a-z][\w-]*)?(?: (?! )(\S+)|(\[=\S+\]))?(?: {2,}(.*))?$")


class Option:
    """One option: as it is typed, and what is said of it."""

    def __init__(self, letter, name, argument, text):
        self.letter, self.name, self.argument, self.text = letter, name, argument, text

    def key(self):
        return self.name or self.letter

    def typed(self):
        between = "" if (self.argument or "").startswith("[=") else " "
        return ", ".join(filter(None, (self.letter, self.name))) + (between + self.argument if self.argument else "")


def by_key(options):
    return {option.key(): option for option in options}


def options_of_help(text):
    """The options of --help; lines below that begin further right belong to the one above."""
    options = []
    below = False
    for line in text.splitlines():
        found = HELP_OPTION.match(line) if line.lstrip().startswith("-") else None
        if found and (found[1] or found[2]):
            options.append(Option(found[1], found[2], found[3] or found[4], found[5] or ""))
            below = True
        elif below and line.startswith(" " * 10):
            options[-1].text += " " + line.strip()
        else:
            below = False
    return by_key(options)


def option_of_item(line):
    """Of ".It Fl o , Fl -output Ar FILE"; None where it is not an option's, as in ".It Fl - Ar COMMAND"."""
    words = line.split()[1:]
    letter = name = argument = None
    while words:
        word = words.pop(0)
        if word == "Fl":
            typed = "-" + words.pop(0)
            if typed == "--":
                return None
            letter, name = (letter, typed) if typed.startswith("--") else (typed, name)
        elif word in ("Ar", "Cm"):
            argument = words.pop(0)
        elif word == "Ns":
            argument = (argument or "") + words.pop(0)
        elif word != ",":
            raise ValueError(f"'{word}' in '{line}'")
    return Option(letter, name, argument, "")


def options_of_page(text):
    """The options that a page describes: the items that begin with Fl. Their text, without macros."""
    options = []
    inside = False
    for line in text.splitlines():
        if line.startswith(".It Fl"):
            option = option_of_item(line)
            inside = option is not None
            options += [option] if inside else []
        elif line.startswith((".It", ".El", ".Sh", ".Ss")):
            inside = False
        elif inside:
            options[-1].text += " " + re.sub(r"^\.\S+ ", "", line)
    return by_key(options)


def defaults_of_help(text):
    """Numbers alone in parentheses: "write at least this often (1s)"."""
    return set(re.findall(r"\((\d\w*)\)", text))


def defaults_of_page(text):
    """ "The default is 1s." """
    return set(re.findall(r"default is (\d\w*)", text))


def breaches(program, help_text, page_text):
    """A line for each thing in which they differ."""
    helped, described = options_of_help(help_text), options_of_page(page_text)
    if not helped:
        yield f"{program} --help has no options that can be read"
    for key in sorted(described.keys() - helped.keys()):
        yield f"{described[key].typed()} is in the page and not in {program} --help"
    for key in sorted(helped.keys() - described.keys()):
        yield f"{helped[key].typed()} is in {program} --help and not in the page"
    for key in sorted(helped.keys() & described.keys()):
        a, b = helped[key], described[key]
        if a.typed() != b.typed():
            yield f"{program} --help has '{a.typed()}', the page '{b.typed()}'"
        if defaults_of_help(a.text) != defaults_of_page(b.text):
            yield (f"the defaults of {key} are {sorted(defaults_of_help(a.text))} in {program} --help, "
                   f"{sorted(defaults_of_page(b.text))} in the page")
        if "the default" in a.text and "default" not in b.text:
            yield f"that {key} is the default is in {program} --help and not in the page"


HELP = """Usage: program [OPTION]...
  -o, --output FILE       the capture
  -4                      IPv4
      --flush TIME        write at least this often (1s)
      --ring SIZE         a buffer (4M), rounded
                          up
      --style bcc|libbpf|bpftrace
                          whose text
  -s, --sort FIELD[:asc]  the default
      --flows[=KEYS]      by KEYS

Examples:
  program -o x            until Ctrl-C
"""
PAGE = """.Sh OPTIONS
.Bl -tag
.It Fl o , Fl -output Ar FILE
The capture.
.It Fl 4
IPv4.
.It Fl -flush Ar TIME
The default is 1s.
.It Fl -ring Ar SIZE
A buffer.
The default is 4M, rounded up.
.It Fl -style Ar bcc|libbpf|bpftrace
Whose
.Fl -text .
.It Fl s , Fl -sort Ar FIELD Ns [:asc]
This is the default.
.It Fl -flows Ns [=KEYS]
By KEYS.
.It Fl - Ar COMMAND
What to run.
.El
"""
# Each is a change that makes them differ: in HELP, or in PAGE.
DIFFERENCES = [
    ("  -o, --output", "  -O, --output", "", ""),
    ("--output FILE", "--output PATH", "", ""),
    ("--output FILE ", "--output      ", "", ""),
    ("  -4 ", "  -6 ", "", ""),
    ("(1s)", "(2s)", "", ""),
    ("(1s)", "", "", ""),
    ("(4M)", "(8M)", "", ""),
    ("bcc|libbpf|bpftrace", "bcc|libbpf", "", ""),
    ("      --flush TIME", "      --new TIME  x\n      --flush TIME", "", ""),
    ("", "", "Fl -flush", "Fl -flash"),
    ("", "", ".It Fl 4\n", ""),
    ("", "", "is 1s", "is 2s"),
    ("", "", "The default is 4M, rounded up.", ""),
    ("", "", "This is the default.", ""),
    ("", "", " Ns [:asc]", ""),
    ("--flows[=KEYS]", "--flows       ", "", ""),
    ("--flows[=KEYS]", "--flows KEYS  ", "", ""),
    ("", "", " Ns [=KEYS]", ""),
    ("", "", ".It Fl o ,", ".It"),
    (HELP, "", "", ""),
]


def missed():
    """Differences that are not seen, and one seen where there is none."""
    yield from (f"where they agree: {breach}" for breach in breaches("program", HELP, PAGE))
    for old, new, old_page, new_page in DIFFERENCES:
        if old not in HELP or old_page not in PAGE:
            yield f"{(old, old_page)} is not in the example"
        if not list(breaches("program", HELP.replace(old, new) if old else HELP,
                             PAGE.replace(old_page, new_page) if old_page else PAGE)):
            yield f"{(old, new, old_page, new_page)} was not seen"


def agreement(program):
    name = program.name
    text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    yield from breaches(name, text, (DOCS / PAGES[name]).read_text())


def ill_formed(page):
    """What mandoc, or else groff, has to say."""
    command = ["mandoc", "-T", "lint", "-W", "warning"] if shutil.which("mandoc") else ["groff", "-ww", "-z", "-mandoc",
                                                                                        "-Tutf8"]
    done = subprocess.run([*command, page], capture_output=True, text=True, check=False, cwd=DOCS)
    yield from (done.stdout + done.stderr).splitlines()


def main():
    failed = False
    cases = [("that they differ can be seen", missed())]
    cases += [(f"{name.name} --help and {PAGES[name.name]}", agreement(name)) for name in map(pathlib.Path, sys.argv[1:])]
    for page in sorted(DOCS.glob("*.[1-8]")):
        if not (shutil.which("mandoc") or shutil.which("groff")):
            print(f"SKIP {page.name} is well-formed: neither mandoc nor groff is installed")
        else:
            cases.append((f"{page.name} is well-formed", ill_formed(page)))
    for name, found in cases:
        found = list(found)
        failed = failed or bool(found)
        print(f"FAIL {name}: {'; '.join(found)}" if found else f"PASS {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
