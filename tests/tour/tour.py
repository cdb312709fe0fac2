# SPDX-License-Identifier: MPL-2.0
"""Runs the README's five-minute tour word for word.

Every ```sh block of the section "Five minutes" is given to one bash, in order,
in an empty folder with the project's build/ and script/ beside it; each line of
the ```text block behind it must appear in what was printed, where … stands for
anything. The server is script/server's own sample with few families.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import ROOT, check, civis_program, equal, run_tests, test  # noqa: E402

PORT = 8080  # as the README says


def section():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        text = f.read()
    found = re.search(r"^## Five minutes.*?$(.*?)^## ", text, re.S | re.M)
    check(found, "README.md has no section «Five minutes»")
    return re.findall(r"^```(sh|text)\n(.*?)^```", found[1], re.S | re.M)


@contextlib.contextmanager
def sample_server():
    """script/server without its installing and building, which script/test has just done."""
    folder = tempfile.mkdtemp(prefix="civis-tour-")
    os.chmod(folder, 0o711)
    data = os.path.join(folder, "var")
    sample = [sys.executable, os.path.join(ROOT, "script", "sample.py")]
    url = f"http://127.0.0.1:{PORT}"
    subprocess.run([civis_program(), "init", "--country", "khm", "--data", data], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*sample, "prepare", "--civis", civis_program(), "--data", data], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen([civis_program(), "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}",
                                    "--development"], stdout=log, stderr=log)
        try:
            subprocess.run([*sample, "enter", "--url", url, "--families", "12", "--watch-pid", str(process.pid)],
                           check=True, stdout=subprocess.DEVNULL)
            yield folder
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


@test
def the_five_minute_tour_works_word_for_word():
    blocks = section()
    check(any(kind == "sh" for kind, _ in blocks), "the tour has no commands")
    with sample_server() as folder:
        work = os.path.join(folder, "tour")
        os.mkdir(work)
        os.mkdir(os.path.join(work, "build"))
        os.symlink(civis_program(), os.path.join(work, "build", "civis"))
        shell = subprocess.Popen(["bash", "-eu", "-o", "pipefail"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, cwd=work, text=True, bufsize=1)
        printed = ""
        for number, (kind, text) in enumerate(blocks):
            if kind == "sh":
                shell.stdin.write(text + f"\necho end-of-block-{number}\n")
                shell.stdin.flush()
                printed = ""
                for line in shell.stdout:
                    if line.strip() == f"end-of-block-{number}":
                        break
                    printed += line
                else:
                    check(False, f"the tour stopped in\n{text}\nafter printing\n{printed}")
            else:
                for line in text.splitlines():
                    pattern = ".*".join(re.escape(part) for part in line.strip().split("…"))
                    check(re.search(pattern, printed), f"not printed: {line}\nprinted: {printed}")
        shell.stdin.close()
        equal(shell.wait(30), 0)


run_tests()
