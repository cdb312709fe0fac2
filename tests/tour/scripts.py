#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""What script/setup and script/server say when they cannot go on. Nothing is installed, built or served here.

usage: scripts.py [TEST …]
"""
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import ROOT, check, equal, run_tests, test  # noqa: E402


def run(script, *args, **env):
    return subprocess.run([os.path.join(ROOT, "script", script), *args], capture_output=True, text=True, check=False,
                          timeout=60, env={**os.environ, **env})


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # the name that http.server asks for
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@test
def the_greeting_names_the_folder_that_is_in_use_and_stands_in_columns():
    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as ready:
        threading.Thread(target=ready.serve_forever, daemon=True).start()
        done = subprocess.run([sys.executable, os.path.join(ROOT, "script", "sample.py"), "greet", "--data", "/srv/elsewhere",
                               "--url", f"http://127.0.0.1:{ready.server_port}"], capture_output=True, text=True, check=True, timeout=60)
        ready.shutdown()
    check("The data stays in /srv/elsewhere; the log of events is /srv/elsewhere/server.log." in done.stdout, done.stdout)
    check("var" not in done.stdout, done.stdout)
    lines = done.stdout.split("Try first:\n")[1].splitlines()[:4]
    equal(len({re.search(r"\S  +(\S)", line).start(1) for line in lines}), 1, lines)


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
    check(not {"meson", "clang-14", "strace", "golang-go", "qpdf"} & run_needs, run_needs)
    check(test_needs > run_needs and {"clang-14", "strace", "golang-go", "qpdf"} <= test_needs, test_needs)


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
