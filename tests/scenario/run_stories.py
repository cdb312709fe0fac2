# SPDX-License-Identifier: MPL-2.0
"""Runs the stories beside this file (*.story), each one TAP point; those of a country share a server.

A story is sentences, one a line; what is indented under a sentence belongs to
it. Lines that begin with # are remarks. A first line "Country: mmr" says where
it happens, else it is Cambodia; "Country: khm, alone" gives it a server of its
own. docs: tests/scenario/README.md.

usage: run_stories.py [STORY…]
"""
import contextlib
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from harness import CheckFailed, check, run_tests, server, test  # noqa: E402
from sentences import SENTENCES, WHO  # noqa: E402
from story import Story  # noqa: E402


def read_story(path):
    """[(line number, sentence, [indented lines])]"""
    steps = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith(("#", "Country:")):
                continue
            if line.startswith((" ", "\t")):
                steps[-1][2].append(line.strip())
            else:
                steps.append((number, line.rstrip(".:").strip(), []))
    return steps


def play(path, s):
    story = Story(s)
    for number, sentence, body in read_story(path):
        for pattern, step in SENTENCES:
            found = re.fullmatch(r"(?:then |when |and |but )?" + pattern, sentence[0].lower() + sentence[1:])
            if found:
                try:
                    groups = [g.removeprefix("the ") if i == 0 and g and pattern.startswith(WHO) and
                              g not in ("the family",) else g for i, g in enumerate(found.groups())]
                    step(story, body, *groups)
                except CheckFailed as why:
                    raise CheckFailed(f"{os.path.basename(path)}:{number}: {sentence}: {why}") from None
                break
        else:
            raise CheckFailed(f"{os.path.basename(path)}:{number}: no such sentence: {sentence}")


def country_of(path):
    """("khm", whether on a server of its own)"""
    with open(path, encoding="utf-8") as f:
        found = re.match(r"Country: (\w+)(, alone)?\n", f.read())
    return (found[1], bool(found[2])) if found else ("khm", False)


def main():
    paths = [os.path.abspath(p) for p in sys.argv[1:]] or sorted(glob.glob(os.path.join(HERE, "*.story")))
    countries = {path: country_of(path) for path in paths}
    with contextlib.ExitStack() as stack:
        servers = {country: stack.enter_context(server(country))
                   for country in sorted({c for c, alone in countries.values() if not alone})}
        for path, (country, alone) in countries.items():
            def told(path=path, country=country, alone=alone):
                check(read_story(path))
                with server(country) if alone else contextlib.nullcontext(servers.get(country)) as s:
                    play(path, s)
            told.__name__ = os.path.basename(path)[:-len(".story")]
            test(told)
        run_tests()


main()
