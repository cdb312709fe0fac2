#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Reads the program file with readelf: is it hardened as the build asks?

    tests/lint/hardening.py PROGRAM yes|no

"no": PROGRAM was built without -Dhardened (a build for sanitizers, say). Then build/civis of this
source tree is looked at instead, which is what script/setup leaves, or the test is skipped.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


def readelf(program, *what):
    return subprocess.run(["readelf", "--wide", *what, program], check=True, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def segments(program):
    """(type, flags) of each program header."""
    return re.findall(r"^  ([A-Z_]+) +0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([R ][W ][E ])", readelf(program, "--segments"), re.M)


def checks(program):
    head, dynamic = readelf(program, "--file-header"), readelf(program, "--dynamic")
    parts = segments(program)
    flags = " ".join(re.findall(r"\(FLAGS(?:_1)?\)(.*)", dynamic))
    needed = set(re.findall(r"UND (\w+)", readelf(program, "--dyn-syms")))
    fortified = sorted(n for n in needed if re.fullmatch(r"__\w+_chk", n))
    yield "position-independent", "DYN" in head and "PIE" in flags
    yield "addresses of functions are read-only once it runs (RELRO)", any(t == "GNU_RELRO" for t, _ in parts)
    yield "all symbols are bound at the start (BIND_NOW)", "NOW" in flags
    yield "the stack is not executable", [f for t, f in parts if t == "GNU_STACK"] == ["RW "]
    yield "no part is both writable and executable", parts and not any("W" in f and "E" in f for _, f in parts)
    yield "no relocation changes code (TEXTREL)", "TEXTREL" not in dynamic
    yield "libraries are looked for in the system's folders only", not re.search(r"\((RPATH|RUNPATH)\)", dynamic)
    yield "the stack is protected", "__stack_chk_fail" in needed
    yield f"library calls are fortified ({', '.join(fortified)})", len(fortified) >= 5 and "__memcpy_chk" in needed
    if "X86-64" in head:
        # The program as a whole has no CET note: the C library's start files of Debian 12 have none.
        with open(program, "rb") as f:
            marks = f.read().count(b"\xf3\x0f\x1e\xfa")
        yield f"what may be jumped to is marked for the processor (endbr64: {marks})", marks >= 500


def main():
    program, hardened = sys.argv[1:3]
    if hardened != "yes":
        program = os.path.join(ROOT, "build", "civis")
    if not os.path.exists(program):
        print("1..0 # SKIP this build is not hardened, and there is no build/civis")
        return 0
    found = list(checks(program))
    print(f"1..{len(found)}\n# {program}")
    for number, (name, good) in enumerate(found, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    return 0 if all(good for _, good in found) else 1


if __name__ == "__main__":
    sys.exit(main())
