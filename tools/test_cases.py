#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lists the test cases of a `meson test` run, a line each: VERDICT, name, reason, tabs between.

usage: test_cases.py BUILD_DIR PREFIX SUITE...

The cases are read from what each test printed: cmocka's own lines, or "PASS name",
"FAIL name: why", "SKIP name: why". What should have printed a case and did not is a failed case
itself: a suite without tests, a test that was not run, that failed or crashed without naming a
failed case, or that ran none.
"""

import json
import os
import re
import signal
import sys

CMOCKA = re.compile(r"\s*\[ +(RUN|OK|FAILED|SKIPPED|PASSED) +\] ?(.*)$")
CMOCKA_NOTE = re.compile(r"\s*\[ +[A-Z]+ +\] ?(?:--- )?(.*)$")
CMOCKA_LIST = re.compile(r"(?:.*: )?(\d+) test\(s\)(?:, listed below:)?")
PLAIN = re.compile(r"(PASS|FAIL|SKIP) (.+)$")
VERDICTS = {"OK": "PASS", "FAILED": "FAIL", "SKIPPED": "SKIP"}


def parse_stream(text):
    """Yields (verdict, name, reason), and ("RUN", name, "") where a cmocka case begins."""
    note = ""  # the last thing said since the case before: cmocka's reason
    repeated = 0  # lines of cmocka's closing list that name cases a second time
    for line in text.splitlines():
        cmocka, plain = CMOCKA.match(line), PLAIN.match(line)
        if plain:
            name, _, reason = plain[2].partition(": ")
            yield plain[1], name, reason
        elif not cmocka:
            found = CMOCKA_NOTE.match(line)
            note = (found[1] if found else line.strip()) or note
            continue
        elif CMOCKA_LIST.fullmatch(cmocka[2]):
            repeated = int(CMOCKA_LIST.fullmatch(cmocka[2])[1]) if cmocka[1] != "PASSED" else 0
        elif repeated:
            repeated -= 1
        elif cmocka[1] in VERDICTS:
            yield VERDICTS[cmocka[1]], cmocka[2], note if cmocka[1] != "OK" else ""
        elif cmocka[1] == "RUN":
            yield "RUN", cmocka[2], ""
        note = ""


def how_it_ended(test):
    """Why meson took the test for failed."""
    code = test["returncode"]
    if test["result"] == "TIMEOUT":
        return "timed out"
    if code < 0:
        return "killed by " + signal.Signals(-code).name
    return f"exit status {code}"


def cases_of_test(test):
    """The cases of one line of testlog.json."""
    seen = []
    for stream in "stdout", "stderr":
        seen.extend(parse_stream(test.get(stream) or ""))
    cases = [case for case in seen if case[0] != "RUN"]
    ended = {name for _, name, _ in cases}
    begun = [name for verdict, name, _ in seen if verdict == "RUN" and name not in ended]
    if test["result"] not in ("OK", "SKIP") and not any(case[0] == "FAIL" for case in cases):
        cases.append(("FAIL", begun[0] if begun else "(all)", how_it_ended(test)))
    elif begun:
        cases.append(("FAIL", begun[0], "began and did not end"))
    elif not cases:
        cases.append(("FAIL", "(all)", "ran no case"))
    return cases


def read_log(build):
    """Results by the tests' names; none when meson did not run a test."""
    path = os.path.join(build, "meson-logs", "testlog.json")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", errors="backslashreplace") as log:
        # meson's names are "suite / name" when a log holds several.
        return {test["name"].rpartition(" / ")[2]: test for test in map(json.loads, log)}


def cases_of_run(build, suites):
    """Yields (verdict, name, reason) of every test that belongs to one of the suites."""
    with open(os.path.join(build, "meson-info", "intro-tests.json"), encoding="utf-8") as intro:
        tests = json.load(intro)
    log = read_log(build)
    for suite in suites:
        wanted = [test for test in tests if suite in [s.rpartition(":")[2] for s in test["suite"]]]
        if not wanted:
            yield "FAIL", suite, "has no test"
        for test in wanted:
            result = log.get(test["name"])
            if not result:
                yield "FAIL", f"{suite}: {test['name']}", "was not run"
                continue
            for verdict, name, reason in cases_of_test(result):
                yield verdict, f"{suite}: {test['name']}: {name}", reason


def main():
    build, prefix, *suites = sys.argv[1:]
    for verdict, name, reason in cases_of_run(build, suites):
        fields = [verdict, prefix + name, reason]
        print("\t".join(re.sub(r"[\x00-\x1f\x7f]+", " ", field) for field in fields))


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    main()
