#!/usr/bin/python3
"""Counts pytest's results (JUnit XML) of one server: `count_results.py REPORT SERVER`.

Prints "PASSED FAILED". The server "none" stands for the tests that need none.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree


def server_of(case):
    found = re.search(r"\[(?:.*-)?(prosody|ejabberd)(?:-.*)?\]$", case.get("name"))
    return found.group(1) if found else "none"


def main(report, server):
    passed = failed = 0
    try:
        cases = ElementTree.parse(report).iter("testcase")
    except ElementTree.ParseError:
        cases = ()
    for case in cases:
        if server_of(case) != server:
            continue
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            failed += 1
        elif "skipped" not in outcomes:
            passed += 1
    print(passed, failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
