# SPDX-License-Identifier: BSD-2-Clause
"""A line for each case of a unittest, as tools/test_cases.py reads them."""
import sys
import unittest


class Lines(unittest.TextTestResult):
    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"PASS {test._testMethodName}", flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        print(f"FAIL {test._testMethodName}: {err[1]}", flush=True)

    addError = addFailure


def main():
    """Runs the cases of the program that was started; their arguments are not for unittest."""
    unittest.main(argv=sys.argv[:1], testRunner=unittest.TextTestRunner(resultclass=Lines, verbosity=0))
