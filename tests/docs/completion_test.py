#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Completion in bash: what completion/tcplife.bash answers, beside what the programs say of themselves.

usage: completion_test.py PROGRAM...
"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

from manual_test import options_of_help

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "completion" / "tcplife.bash"
PROGRAMS = {path.name: path.resolve() for path in map(pathlib.Path, sys.argv[1:])}
PATH = ":".join([*dict.fromkeys(str(path.parent) for path in PROGRAMS.values()), os.environ["PATH"]])
SECONDS = 60

# As bash calls it: the words so far, the last of which is to be completed.
CALL = """
shopt -s expand_aliases
{before}
source {script}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_tcplife "$1" "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}"
if [[ ${{#COMPREPLY[@]}} -gt 0 ]]; then
    printf '%s\\n' "${{COMPREPLY[@]}}"
fi
"""


class Failure(Exception):
    """The case failed; its text says why."""


def expect_equal(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: {found!r}, not {wanted!r}")


def complete(*words, before="", folder=None):
    """What the last of the words may become: a set."""
    script = CALL.format(script=SCRIPT, before=before)
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", *words], capture_output=True, text=True, check=False,
                          env=dict(os.environ, PATH=PATH), cwd=folder, timeout=SECONDS)
    expect_equal((done.returncode, done.stderr), (0, ""), f"status and errors of {words}")
    return set(done.stdout.splitlines())


def said_by(name, *options):
    return subprocess.run([PROGRAMS[name], *options], check=True, capture_output=True, text=True).stdout


def options_of(name):
    return options_of_help(said_by(name, "--help")).values()


def columns_of(*view):
    return {line.split(",")[0] for line in said_by("tcplife-report", "--list-columns", "--csv", *view).splitlines()[1:]}


def try_options(name):
    """Each option of --help, and no other; those that begin with what was typed."""
    wanted = {word for option in options_of(name) for word in (option.letter, option.name) if word}
    expect_equal(complete(name, "-"), wanted, "options")
    for prefix in ("--", "--ti", "--nonsense"):
        expect_equal(complete(name, prefix), {word for word in wanted if word.startswith(prefix)}, prefix)


def try_enumerations(name):
    """Values that --help names: bcc|libbpf|bpftrace."""
    for option in options_of(name):
        if not re.fullmatch(r"[a-z]+(\|[a-z]+)+", option.argument or ""):
            continue
        values = set(option.argument.split("|"))
        expect_equal(complete(name, option.name, ""), values, f"values of {option.name}")
        expect_equal(complete(name, option.name, "="), values, f"values of {option.name}=")
        first = min(values)
        expect_equal(complete(name, option.name, "=", first), {first}, f"values of {option.name}={first}")


def try_columns():
    sessions, flows = columns_of(), columns_of("--flows")
    if not sessions or sessions == flows:
        raise Failure(f"there are no columns, or the same for all: {sessions}")
    expect_equal(complete("tcplife-report", "--columns", ""), sessions, "columns")
    expect_equal(complete("tcplife-report", "--sort", ""), sessions, "what to sort by")
    expect_equal(complete("tcplife-report", "--flows", "--columns", ""), flows, "columns of flows")
    expect_equal(complete("tcplife-report", "--flows", "=", "pid,raddr/24", "--columns", "pid,raddr/"), {"pid,raddr/24"},
                 "columns of flows by keys")
    expect_equal(complete("tcplife-report", "--flows", "=", "comm,clo"), {f"comm,{name}" for name in sessions if name.startswith("clo")},
                 "keys of flows")
    expect_equal(complete("tcplife-report", "--histogram", ""), sessions, "what --histogram takes")
    expect_equal(complete("tcplife-report", "--histogram", "ms", "--columns", ""), columns_of("--histogram", "ms"),
                 "columns of a histogram")
    expect_equal(complete("tcplife-report", "--timeline", "1h", "--sort", ""), columns_of("--timeline", "1h"),
                 "what to sort a timeline by")
    expect_equal(complete("tcplife-report", "--columns", "pid,ms,own"), {"pid,ms,owner"}, "columns behind others")
    expect_equal(complete("tcplife-report", "--columns", "=", "own"), {"owner"}, "columns behind =")


def try_files():
    """Captures and directories; every file where JSON lines are read."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.tlz", "a b.tlz", "a.jsonl", "a.prom"):
            (pathlib.Path(folder) / name).touch()
        (pathlib.Path(folder) / "adir").mkdir()
        captures = {"a.tlz", "a b.tlz", "adir"}
        for words in (["tcplife-report", "a"], ["tcplife-report", "--csv", "a"], ["tcplife-report", "a.tlz", "a"],
                      ["tcplife-report", "--write", "a"], ["tcplife-report", "--", "a"]):
            expect_equal(complete(*words, folder=folder), captures, f"files of {words}")
        expect_equal(complete("tcplife-report", "--input", "jsonl", "a", folder=folder),
                     captures | {"a.jsonl", "a.prom"}, "any file")
        if "tcplife-record" in PROGRAMS:
            expect_equal(complete("tcplife-record", "-o", "a", folder=folder), captures, "captures to write")
            expect_equal(complete("tcplife-record", "--metrics", "a", folder=folder), {"a.prom", "adir"}, "metrics")
            expect_equal(complete("tcplife-record", "-o", "x", "--", "cat", "a", folder=folder),
                         captures | {"a.jsonl", "a.prom"}, "what a command reads")


def try_optional_values():
    """Any file behind "--anonymize=", and an input behind a blank."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.tlz", "a.key"):
            (pathlib.Path(folder) / name).touch()
        for words in (["=", "a"], ["=", "a.k"]):
            wanted = {name for name in ("a.tlz", "a.key") if name.startswith(words[1])}
            expect_equal(complete("tcplife-report", "--anonymize", *words, folder=folder), wanted, f"keys behind {words}")
        expect_equal(complete("tcplife-report", "--anonymize", "=", folder=folder), {"a.tlz", "a.key"}, "keys")
        expect_equal(complete("tcplife-report", "--anonymize", "a", folder=folder), {"a.tlz"}, "captures")


def try_numbers():
    """Where there is nothing to offer, nothing is."""
    expect_equal(complete("tcplife-report", "--top", ""), set(), "values of --top")
    expect_equal(complete("tcplife-live", "-p", ""), set(), "values of -p")


def try_command():
    found = complete("tcplife-record", "-o", "x", "--", "tcplife-rep")
    expect_equal(found, {"tcplife-report"}, "commands")
    expect_equal(complete("tcplife-record", "--on-rotate", "tcplife-rep"), found, "programs of --on-rotate")


def try_alias():
    """The peers' names, as aliases, also of more than a word; without an alias, they are programs like others."""
    wanted = complete("tcplife-live", "-")
    for alias in ("tcplife-live", "sudo tcplife-live -T", str(PROGRAMS["tcplife-live"])):
        expect_equal(complete("tcplife", "-", before=f"alias tcplife='{alias}'"), wanted, f"options of alias {alias}")
    expect_equal(complete("tcpstates-live", "--j"), {"--journal"}, "--journal")
    expect_equal(complete("no-such-tcplife", "-"), set(), "options of no program")


def try_terminal():
    """The key itself."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(PATH=PATH, TERM="dumb", PS1="$ ", HISTFILE="", INPUTRC="/dev/null")
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    os.write(terminal, f"source {SCRIPT}\n".encode() + b"echo rea''dy\n")
    said = read_until(terminal, b"ready\r\n")
    os.write(terminal, b"tcplife-report --with-m\t --columns pid,own\t")
    said = read_until(terminal, b"--with-meta  --columns pid,owner")
    os.close(terminal)
    os.waitpid(pid, 0)
    return said


def read_until(terminal, text):
    until = time.monotonic() + SECONDS
    said = b""
    while text not in said:
        if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
            raise Failure(f"it printed {said!r}, without {text!r}")
        said += os.read(terminal, 65536)
    return said


def main():
    if not shutil.which("bash"):
        print("SKIP completion: there is no bash")
        return 77
    cases = [(f"options of {name}", lambda name=name: try_options(name)) for name in PROGRAMS]
    cases += [(f"enumerated values of {name}", lambda name=name: try_enumerations(name)) for name in PROGRAMS]
    cases += [("columns", try_columns), ("files", try_files), ("values that may be left out", try_optional_values),
              ("numbers", try_numbers), ("aliases", try_alias),
              ("a terminal", try_terminal)]
    if "tcplife-record" in PROGRAMS:
        cases.append(("a command", try_command))
    failed = False
    for name, case in cases:
        try:
            case()
            print(f"PASS {name}", flush=True)
        except Exception as error:  # pylint: disable=broad-exception-caught
            print(f"FAIL {name}: {'' if isinstance(error, Failure) else type(error).__name__} {error}", flush=True)
            failed = True
    return 1 if failed else 0


sys.exit(main())
