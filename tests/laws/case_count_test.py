#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests tools/test_cases.py: what tools/test makes of the tests' output.

usage: case_count_test.py SOURCE_ROOT
"""

import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(sys.argv[1], "tools"))
import test_cases  # noqa: E402


def result(stdout="", stderr="", outcome="OK", code=0):
    return {"result": outcome, "returncode": code, "stdout": stdout, "stderr": stderr}


CMOCKA_OUT = """[==========] Running 3 test(s).
[ RUN      ] test_good
[       OK ] test_good
[ RUN      ] test_bad
[ RUN      ] test_skipped
no rights
[  SKIPPED ] test_skipped
[==========] 3 test(s) run.
"""
CMOCKA_ERR = """[  ERROR   ] --- 0x1 != 0x2
[   LINE   ] --- file.c:7: error: Failure!
[  FAILED  ] test_bad
[  PASSED  ] 1 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] test_skipped
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] test_bad

 1 FAILED TEST(S)
"""
CMOCKA_CASES = [
    ("PASS", "test_good", ""),
    ("SKIP", "test_skipped", "no rights"),
    ("FAIL", "test_bad", "file.c:7: error: Failure!"),
]


class CaseCount(unittest.TestCase):
    def check(self, test, expected):
        self.assertEqual(test_cases.cases_of_test(test), expected)

    def test_cmocka(self):
        self.check(result(CMOCKA_OUT, CMOCKA_ERR, "FAIL", 1), CMOCKA_CASES)

    def test_two_cmocka_groups(self):
        self.check(result(CMOCKA_OUT * 2, CMOCKA_ERR * 2, "FAIL", 2),
                   CMOCKA_CASES[:2] * 2 + CMOCKA_CASES[2:] * 2)

    def test_newer_cmocka_names_its_groups(self):
        error = CMOCKA_ERR.replace("] 1 test(s), listed", "] tests: 1 test(s), listed")
        self.check(result(CMOCKA_OUT, error, "FAIL", 1), CMOCKA_CASES)

    def test_plain_lines(self):
        self.check(result("PASS one\nnoise\nSKIP three: no rights: none\n", "FAIL two: 1 != 2\n",
                          "FAIL", 1),
                   [("PASS", "one", ""), ("SKIP", "three", "no rights: none"),
                    ("FAIL", "two", "1 != 2")])

    def test_noise_is_no_case(self):
        self.check(result("PASSED all\n PASS x\n+FAIL y: z\nFAILURE\nPASS good\n"),
                   [("PASS", "good", "")])

    def test_failed_line_counts_whatever_the_status(self):
        self.check(result("FAIL one: why\n"), [("FAIL", "one", "why")])

    def test_crash_names_the_case(self):
        self.check(result("[ RUN      ] test_a\n[       OK ] test_a\n[ RUN      ] test_b\n",
                          outcome="FAIL", code=-6),
                   [("PASS", "test_a", ""), ("FAIL", "test_b", "killed by SIGABRT")])

    def test_crash_before_a_case(self):
        self.check(result(outcome="FAIL", code=-11), [("FAIL", "(all)", "killed by SIGSEGV")])

    def test_exit_status_without_a_failed_case(self):
        self.check(result("PASS one\n", outcome="ERROR", code=99),
                   [("PASS", "one", ""), ("FAIL", "(all)", "exit status 99")])

    def test_timeout(self):
        self.check(result("PASS one\n", outcome="TIMEOUT", code=-15),
                   [("PASS", "one", ""), ("FAIL", "(all)", "timed out")])

    def test_early_exit_with_status_0(self):
        self.check(result("[ RUN      ] test_a\n"), [("FAIL", "test_a", "began and did not end")])

    def test_no_case(self):
        self.check(result("hello\n"), [("FAIL", "(all)", "ran no case")])
        self.check(result(outcome="SKIP", code=77), [("FAIL", "(all)", "ran no case")])

    def test_all_skipped(self):
        self.check(result("SKIP one: no rights\n", outcome="SKIP", code=77),
                   [("SKIP", "one", "no rights")])

    def test_run(self):
        with tempfile.TemporaryDirectory() as build:
            self.write(build, "meson-info/intro-tests.json", json.dumps([
                {"name": "a", "suite": ["p:unit"]}, {"name": "b", "suite": ["p:unit"]},
                {"name": "c", "suite": ["p:golden"]}]))
            self.write(build, "meson-logs/testlog.json",
                       json.dumps({"name": "p:unit / a"} | result("PASS x\n")) + "\n")
            self.assertEqual(list(test_cases.cases_of_run(build, ["unit", "kernel"])),
                             [("PASS", "unit: a: x", ""), ("FAIL", "unit: b", "was not run"),
                              ("FAIL", "kernel", "has no test")])

    def test_run_without_a_log(self):
        with tempfile.TemporaryDirectory() as build:
            self.write(build, "meson-info/intro-tests.json",
                       json.dumps([{"name": "a", "suite": ["p:unit"]}]))
            self.assertEqual(list(test_cases.cases_of_run(build, ["unit"])),
                             [("FAIL", "unit: a", "was not run")])

    @staticmethod
    def write(build, path, text):
        path = os.path.join(build, path)
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


class Lines(unittest.TextTestResult):
    """Prints a line a case."""

    def addSuccess(self, test):
        print("PASS", test._testMethodName)

    def addFailure(self, test, err):
        print(f"FAIL {test._testMethodName}: {str(err[1]).splitlines()[0]}")
        super().addFailure(test, err)

    def addError(self, test, err):
        print(f"FAIL {test._testMethodName}: {err[1]!r}")
        super().addError(test, err)


if __name__ == "__main__":
    runner = unittest.TextTestRunner(resultclass=Lines, verbosity=0)
    outcome = runner.run(unittest.defaultTestLoader.loadTestsFromTestCase(CaseCount))
    sys.exit(0 if outcome.wasSuccessful() else 1)
