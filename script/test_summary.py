# SPDX-License-Identifier: MPL-2.0
"""Counts the single tests of a Meson run (TAP points, not programs) and says so in one line.

usage: test_summary.py MESON_STATUS TESTLOG.junit.xml …
Exits 1 if anything failed, if Meson itself failed, or if nothing ran.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

SAID_MAX = 150  # lines of one program
meson_status, paths = int(sys.argv[1]), sys.argv[2:]
passed = failed = 0
skipped, suites = [], []
for path in paths:
    try:
        # What a program prints when it fails may hold control characters, which XML has none of.
        with open(path, encoding="utf-8", errors="replace") as f:
            suites.extend(ElementTree.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", f.read().partition("?>")[2])))
    except (OSError, ElementTree.ParseError) as error:
        print(f"test: no results to read: {error}", file=sys.stderr)
# Meson shows what a TAP program wrote to stderr, and not what it said of a failure.
for suite in suites:
    for test in (t for t in suite.iter("testsuite") if t.find("testcase/failure") is not None or t.find("testcase/error") is not None):
        said = re.findall(r"^(?:not ok|#|Bail out!).*", test.findtext("system-out") or "", re.M)
        print(f'--- {test.get("name")}', *said[-SAID_MAX:], sep="\n")
for case in (case for suite in suites for case in suite.iter("testcase")):
    name = f'{case.get("classname", "")}: {case.get("name", "")}'
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
        print(f"failed: {name}")
    elif case.find("skipped") is not None:
        skipped.append(name)
    else:
        passed += 1
for name in skipped:
    print(f"skipped: {name}")
if meson_status != 0 and failed == 0:
    failed = 1
    print("failed: a test program ended badly; see above")
print(f"{passed} passed, {failed} failed" + (f", {len(skipped)} skipped" if skipped else ""))
sys.exit(1 if failed or passed == 0 else 0)
