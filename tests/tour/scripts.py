#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""What script/setup and script/server say when they cannot go on. Nothing is installed, built or served here.

usage: scripts.py [TEST …]
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import ROOT, check, equal, run_tests, test  # noqa: E402


def run(script, *args, **env):
    return subprocess.run([os.path.join(ROOT, "script", script), *args], capture_output=True, text=True, check=False,
                          timeout=60, env={**os.environ, **env})


def setup_without_rights(*args):
    """script/setup as somebody who is not root, has no sudo, and lacks every package but one."""
    with tempfile.TemporaryDirectory() as tools:
        for name, text in (("id", "echo 1000"), ("dpkg-query", '[ "${*: -1}" = meson ] && echo "install ok installed"')):
            with open(os.path.join(tools, name), "w", encoding="utf-8") as f:
                f.write(f"#!/bin/bash\n{text}\n")
            os.chmod(f.name, 0o755)
        for name in "bash", "dirname", "sed", "grep":
            os.symlink(shutil.which(name), os.path.join(tools, name))
        return run("setup", *args, PATH=tools)


@test
def setup_without_rights_names_what_an_administrator_has_to_run():
    plain, tests = setup_without_rights(), setup_without_rights("--tests")
    for done in plain, tests:
        equal((done.returncode, done.stdout), (1, ""), done.stderr)
        check("Ask an administrator" in done.stderr, done.stderr)
    line = re.compile("^apt-get update && apt-get install --no-install-recommends (.*)$", re.M)
    run_needs, test_needs = (set(line.search(done.stderr)[1].split()) for done in (plain, tests))
    check({"libsodium-dev", "fonts-khmeros", "curl", "jq"} <= run_needs, run_needs)
    check(not {"meson", "clang-14", "strace", "golang-go", "npm", "qpdf"} & run_needs, run_needs)
    check(test_needs > run_needs and {"clang-14", "strace", "golang-go", "npm", "qpdf"} <= test_needs, test_needs)


@test
def setup_knows_its_options():
    done = run("setup", "--nonsense")
    equal((done.returncode, done.stdout), (2, ""))
    check("there is no option --nonsense" in done.stderr, done.stderr)
    check("--tests" in run("setup", "--help").stdout)


@test
def a_second_server_is_told_who_holds_the_port():
    with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as folder:
        listen, data = "127.0.0.1:%d" % taken.getsockname()[1], os.path.join(folder, "var")
        done = run("server", CIVIS_LISTEN=listen, CIVIS_DATA=data)
        equal((done.returncode, done.stdout), (2, ""), done.stderr)
        check(f"server: {listen} is taken (process {os.getpid()}, " in done.stderr, done.stderr)
        check(re.search("CIVIS_LISTEN=127.0.0.1:[0-9]+ CIVIS_DATA=.* script/server", done.stderr), done.stderr)
        check(not os.path.exists(data))


if __name__ == "__main__":
    run_tests(sys.argv[1:])
