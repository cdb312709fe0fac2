#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""The command line as somebody new to it meets it: help, wrong usage, and what is said when something is missing.

usage: commands.py [TEST …]
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import (COMMUNE, PASSPHRASE, ROOT, Skip, check, civis, civis_program, data_folder, equal,  # noqa: E402
                     run_tests, server, stored, test)

VECTORS = os.path.join(ROOT, "tests", "vectors", "certificate")
OPTION = re.compile(r"--([a-z][a-z-]*)")


def commands():
    names = re.findall(r"^  ([a-z][a-z -]*?)  +\S", civis("--help").stdout, re.M)
    check(len(names) > 12, names)
    return names


def man_options():
    """The options in each command's own line of the man page."""
    found = {}
    with open(os.path.join(ROOT, "docs", "man", "civis.1"), encoding="utf-8") as f:
        for line in f.read().replace("\\-", "-").splitlines():
            told = re.match(r'\.BI "civis ([a-z][a-z-]*(?: [a-z][a-z-]*)?) ', line)
            if told:
                found.setdefault(told.group(1), set()).update(OPTION.findall(line))
    return found


def parsed_options():
    """The options that the sources parse for each command, but for those that only the program itself gives."""
    found = {}
    names = dict(re.findall(r'\bX\((\w+), "([a-z -]+)"', read("src", "cmd", "cmd.h")))
    for file in os.listdir(os.path.join(ROOT, "src", "cmd")):
        for function, body in re.findall(r"^int cmd_(\w+)\(const struct command \*self[^;]*?\)\n\{(.*?)^\}",
                                         read("src", "cmd", file), re.M | re.S):
            found[names[function]] = {name for name, rest in re.findall(
                r'ARG_(?:NEEDED|TEXT|FLAG)\("([a-z-]+)"(.*)', body) if not rest.endswith("NULL),")}
    return found


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def refused(*args, stdin="", says=()):
    """Ends with 2 and says so on standard error alone, in a sentence that begins with the command."""
    done = civis(*args, status=2, stdin=stdin)
    equal(done.stdout, "", args)
    for part in says:
        check(part in done.stderr, (args, part, done.stderr))
    return done.stderr


@test
def a_folder_is_served_once():
    with server() as s:
        again = [civis_program(), "serve", "--data", s.data, "--listen", "127.0.0.1:0", "--development"]
        done = subprocess.run(again, check=False, capture_output=True, text=True, timeout=60)
        equal(done.returncode, 2, done.stderr)
        check("this register is being served already" in done.stderr, done.stderr)
        equal(done.stderr.count("\n"), 1, done.stderr)
        # Who was killed leaves nothing that would have to be removed, and its children have no part in it.
        s.process.kill()
        s.process.wait()
        s.start()
        s.register()


@test
def a_register_of_an_older_program_has_no_id():
    with data_folder() as data:
        path = os.path.join(data, "civis.conf")
        with open(path, encoding="utf-8") as f:
            lines = [line for line in f if not line.startswith("register = ")]
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(lines)
        done = civis("check", "--data", data, status=2)
        check("another register's" in done.stderr and "civis.conf says nothing" in done.stderr, done.stderr)
        stored.change(data, ("DELETE FROM meta WHERE key = ?1", "register"))
        check(civis("check", "--data", data).stdout.endswith("sound\n"))


@test
def every_command_tells_all_its_options():
    man, parsed = man_options(), parsed_options()
    equal(sorted(man), sorted(commands()))
    equal(sorted(parsed), sorted(commands()))
    for name in commands():
        help_text = civis(*name.split(), "--help").stdout
        usage, _, rest = help_text.partition("\n\n")
        check(usage.startswith(f"usage: civis {name} "), usage)
        for part in usage, rest:
            equal(set(OPTION.findall(part)) & (parsed[name] | man[name]), parsed[name], name)
        equal(man[name], parsed[name], name)
        check(max(map(len, help_text.splitlines())) <= 120, name)


@test
def help_is_there_wherever_it_is_asked_for():
    for name in commands():
        group = name.split()[0]
        check(f"usage: civis {name}" in civis(group, "--help").stdout, name)
        equal(civis(*name.split(), "--nonsense", "-h").stdout, civis(*name.split(), "--help").stdout)
    equal(civis("help").stdout, civis("--help").stdout)


@test
def wrong_usage_is_answered_with_a_sentence_and_the_usage():
    for name in commands():
        for wrong, why in (["--nonsense"], "there is no option --nonsense"), ([], " is needed"), (["--data"], ""):
            said = refused(*name.split(), *wrong, says=[why, f"\nusage: civis {name} "])
            check(said.startswith(f"civis {name}: "), said)
    refused("trust", "export", "--data", ".", "more", says=['civis trust export: "more" is not expected\n'])
    refused("check", "--data", ".", "--json=yes", says=["civis check: "])
    refused("log", "verify", ".", "--key", "a", "--trust", "b", says=["--key or --trust, not both"])
    refused("staff", says=["civis staff: say which", "staff disable"])
    refused("staff", "promote", says=['there is no command "staff promote"', "staff disable"])
    refused("frobnicate", says=['civis: there is no command "frobnicate"', "trust export"])
    refused(says=["civis: say which command"])


@test
def what_is_not_a_data_folder_is_called_by_its_name():
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "file")
        with open(file, "w", encoding="utf-8"):
            pass
        for name in (["check"], ["check", "--deep"], ["staff", "list"], ["staff", "fuse"], ["office", "list"], ["trust", "export"],
                     ["serve"], ["log", "new-epoch"], ["places", "import", file], ["backup", "--to", folder + "/to"]):
            for path, why in ((folder + "/none", "there is no such folder"), (file, "this is a file, not a folder"),
                              (folder, "this is not the data folder of a register")):
                said = refused(*name, "--data", path, says=[f"{path}: {why}"])
                equal(said.count("\n"), 1, said)
        for path, why in (folder + "/none", "No such file or directory"), (file, "Not a directory"):
            refused("pack", "check", path, says=[f"civis pack check: {path}: cannot read the folder: {why}"])
        refused("log", "verify", folder, says=["nothing is published there"])


@test
def what_is_wrong_with_a_pack_is_told_with_its_place():
    def mistake(file, find, put, *says):
        with tempfile.TemporaryDirectory() as folder:
            pack = shutil.copytree(os.path.join(ROOT, "country", "khm"), os.path.join(folder, "khm"))
            path = os.path.join(pack, *file.split("/"))
            text = read("country", "khm", *file.split("/"))
            changed = put if find is None else text.replace(find, put, 1)
            check(changed != text, file)
            os.remove(path)
            if changed is not None:
                with open(path, "w", encoding="utf-8") as f:
                    f.write(changed)
            said = civis("pack", "check", pack, status=1).stderr
            for part in says:
                check(re.search(part, said), (part, said))
    layout, birth = "certificate/birth.json", "workflow/birth.json"
    mistake(layout, None, "{", r"certificate/birth\.json:1: not valid JSON")
    mistake(layout, None, None, r"certificate/birth\.json: +the file is missing")
    mistake("certificate/birth.svg", None, None, r"certificate/birth\.json:3: /artwork: birth\.svg: ")
    mistake("certificate/birth.svg", None, "<svg", r"certificate/birth\.json:3: /artwork: birth\.svg: not a usable SVG")
    mistake("certificate/birth.svg", '"box.serial"', '"box.serials"', r"birth\.json:\d+: /boxes/serial: ")
    mistake(layout, "issued.office.native", "issued.offize.native", r"birth\.json:\d+: /boxes/[a-z.]+: \"issued\.offize\.native\"")
    mistake(layout, '"align": "left"', '"align": "port"', r"birth\.json:\d+: /boxes/[a-z.]+/align: ")
    mistake(birth, '"queue": "district"', '"queue": "village"', r"workflow/birth\.json:\d+: /states/0/queue: ")
    mistake(birth, '"level": "district"', '"level": "village"', r"workflow/birth\.json:\d+: /transitions/0/level: ")
    mistake(birth, '"on_time", "late", "very_late"]', '"on_time", "late"]', r"workflow/birth\.json:\d+: /declare/0: .*very_late")
    mistake(birth, '"bands": ["adult"]', '"bands": ["late"]', r"workflow/birth\.json:\d+: /declare/0: .*adult")


@test
def a_stranger_to_the_folder_is_told_so():
    if os.getuid() != 0:
        raise Skip("only root can become somebody else")
    with data_folder() as data:
        os.chmod(os.path.dirname(data), 0o755)
        # The checkout may be root's own home, which a stranger cannot enter.
        program = shutil.copy(civis_program(), os.path.dirname(data))
        for name in (["check"], ["staff", "list"], ["office", "list"]):
            done = subprocess.run([program, *name, "--data", data], capture_output=True, text=True, check=False,
                                  timeout=60, user=65534, group=65534, extra_groups=[])
            equal(done.returncode, 2)
            check("run this as root, or as the folder's owner" in done.stderr, done.stderr)


@test
def staff_belong_to_an_office_that_is_there():
    with data_folder() as data:
        def add(scope, role="registrar"):
            return ("staff", "add", "--data", data, "--name", "sokha", "--role", role, "--scope", scope,
                    "--display-native", "សុខា", "--display-latin", "SOKHA")
        refused(*add(COMMUNE[:-1] + "7"), stdin=PASSPHRASE,
                says=[f"{COMMUNE[:-1]}7: there is no such office; the nearest above it is khm/04/0499 (", "`civis office add`"])
        refused(*add("mmr/01"), stdin=PASSPHRASE, says=["nor one above it"])
        refused(*add(COMMUNE, "governor"), stdin=PASSPHRASE, says=["governor: this is not a role", "hospital_clerk"])
        check("sokha" not in civis("staff", "list", "--data", data).stdout)
        civis(*add(COMMUNE), stdin=PASSPHRASE)


@test
def an_office_works_in_a_way_that_the_pack_knows():
    with data_folder() as data:
        def regime(scope, day, name):
            return ("office", "regime", "--data", data, "--scope", scope, "--from", day, "--regime", name)
        refused(*regime(COMMUNE, "2026-07-01", "steam"), says=["steam: the country pack has no such way of working", "paper"])
        refused(*regime(COMMUNE[:-1] + "7", "2026-07-01", "paper"), says=["there is no such office"])
        refused(*regime(COMMUNE, "2026-02-30", "paper"), says=["is not a day"])
        check("from 2026-07-01 on" in civis(*regime(COMMUNE, "2026-07-01", "paper")).stdout)
        civis(*regime(COMMUNE, "2026-07-01", "electronic"))


def verify(name, *more, status=0):
    return civis("verify", os.path.join(VECTORS, name), "--trust", os.path.join(VECTORS, "trust.json"), *more, status=status)


@test
def a_qr_is_not_taken_for_the_paper_around_it():
    said = verify("qr.txt").stdout
    lines = said.splitlines()
    equal(lines[0], "The QR is genuine. The paper that it is printed on was not checked.")
    check("no status list was given" in lines[1], lines)
    equal(lines[2], "The list that it names is published at https://khm.example/status/0")
    check(lines[3].startswith("Compare each of these with the paper."), lines)
    for line in "  Name in Latin letters: SOK Sopheak", "  Sex: female", "  Document number: K7QM-2XWD-9F":
        check(line in lines, said)
    check("Signature of the QR: good" in said and "Receipt" not in said, said)
    whole = verify("signed.pdf").stdout
    check(whole.startswith("This document is valid: the whole file") and "ompare" not in whole, whole)
    for name, subject in ("qr.txt", "qr"), ("signed.pdf", "document"):
        answer = json.loads(verify(name, "--json").stdout)
        equal((answer["verdict"], answer["subject"]), ("valid", subject))
        equal(answer["fields"]["status_uri"], "https://khm.example/status/0")
    # Nor is one who brings another list left without an address; but nothing else is repeated.
    unusable = ["qr.txt", "--status", os.path.join(VECTORS, "qr.txt")]
    check("\nThe list that it names is published at https://" in verify(*unusable, status=2).stdout)
    equal(list(json.loads(verify(*unusable, "--json", status=2).stdout)["fields"]), ["status_uri"])


@test
def verify_speaks_the_language_asked_for():
    said = {language: verify("qr.txt", "--language", language).stdout for language in ("en", "km", "my")}
    for language, low, high in ("km", "\u1780", "\u17ff"), ("my", "\u1000", "\u109f"):
        for line, english in zip(said[language].splitlines(), said["en"].splitlines()):
            label = re.sub(r": .*", "", line)
            check(any(low <= c <= high for c in label) and label != re.sub(r": .*", "", english), (language, line))
    refused("verify", os.path.join(VECTORS, "qr.txt"), "--language", "fr", says=['no language "fr"; there are en, km, my'])


if __name__ == "__main__":
    run_tests(sys.argv[1:])
