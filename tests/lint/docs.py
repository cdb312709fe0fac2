#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Checks that the documents tell of what is there.

    tests/lint/docs.py [FOLDER]      FOLDER is the project's (this one by default)

- every path below docs/ that README.md names exists, and every relative link of every page;
- the man page names every command, subcommand and option that the program has, and no other option.

Prints what is wrong and ends with 1 if anything is.
"""
import glob
import os
import re
import sys

EVERYWHERE = {"help", "version"}
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
OPTION = re.compile(r"--([a-z][a-z-]*)")


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as f:
        return f.read()


def wrong_paths(root):
    for path in sorted(set(re.findall(r"\bdocs/[A-Za-z0-9_./-]*[A-Za-z0-9_]", read(root, "README.md")))):
        if not os.path.exists(os.path.join(root, path)):
            yield f"README.md names {path}, which does not exist"
    for page in [os.path.join(root, "README.md"), *sorted(glob.glob(os.path.join(root, "docs/**/*.md"), recursive=True))]:
        for link in LINK.findall(read(page)):
            if "://" not in link and not os.path.exists(os.path.join(os.path.dirname(page), link)):
                yield f"{os.path.relpath(page, root)} links to {link}, which does not exist"


def man_text(root):
    """The page without fonts and quotes: words and options as they are typed."""
    lines = read(root, "docs/man/civis.1").replace("\\-", "-").splitlines()
    text = "\n".join(line for line in lines if not line.startswith('.\\"'))
    text = re.sub(r"\\f[A-Z]|\\f\[[A-Z]*\]", "", text)
    return re.sub(r"[\"\s]+", " ", text)


def program(root):
    """Commands with their subcommands, and options, as the sources have them."""
    commands, options = set(re.findall(r'\bX\(\w+, "([a-z -]+)"', read(root, "src/cmd/cmd.h"))), set()
    for path in glob.glob(os.path.join(root, "src/cmd/*.c")):
        options |= {name for name, rest in re.findall(r'ARG_(?:NEEDED|TEXT|FLAG)\("([a-z-]+)"(.*)', read(path))
                    if not rest.endswith("NULL),")}  # those are what the supervisor says to its children
    return commands, options


def wrong_man(root):
    text = man_text(root)
    commands, options = program(root)
    if len(commands) < 10 or len(options) < 10:
        yield "the commands were not found in src/cmd"
    for command in sorted(commands):
        if f"civis {command} " not in text:
            yield f"civis.1 does not tell of `civis {command}`"
    told = set(OPTION.findall(text))
    for option in sorted(options - told):
        yield f"civis.1 does not tell of --{option}"
    for option in sorted(told - options - EVERYWHERE):
        yield f"civis.1 tells of --{option}, which no command has"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.normpath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", ".."))
    wrong = [*wrong_paths(root), *wrong_man(root)]
    print("\n".join(wrong) if wrong else "nothing is wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
