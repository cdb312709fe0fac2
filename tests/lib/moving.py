# SPDX-License-Identifier: MPL-2.0
"""For tests of `civis migrate-store`: copies of a folder that was made once, and commands that are broken off."""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from harness import civis_program, equal


@contextlib.contextmanager
def copy_of(made):
    """A copy of the folder."""
    folder = tempfile.mkdtemp(prefix="civis-move-")
    os.chmod(folder, 0o711)
    try:
        data = os.path.join(folder, "data")
        subprocess.run(["cp", "-a", made, data], check=True)
        yield data
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digests(said, of=""):
    """{table: "records, SHA-256 …"}, without the settings: the name of each move stands there."""
    found = dict(re.findall(rf"^civis: compared {of}(\w+): (\d+, SHA-256 [0-9a-f]{{64}})$", said, re.M))
    del found["meta"]
    return found


def begin(args):
    """(process, the lines that it says)."""
    p = subprocess.Popen([civis_program(), *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    lines = []
    threading.Thread(target=lambda: lines.extend(p.stderr), daemon=True).start()
    return p, lines


def killed(args, when):
    """Killed as soon as when(lines) holds, while it is still at work: what it said until then."""
    # On a busy machine this program must be faster to read than the command is to end.
    p = subprocess.Popen(["nice", "-n", "19", civis_program(), *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.set_blocking(p.stderr.fileno(), False)
    said = b""
    while p.poll() is None and not when(said.decode(errors="replace").splitlines()):
        said += p.stderr.read() or b""
        time.sleep(0.001)
    p.kill()
    equal(p.wait(), -signal.SIGKILL, said)
    os.set_blocking(p.stderr.fileno(), True)
    with p.stderr:
        return (said + p.stderr.read()).decode()


def has_said(words):
    return lambda lines: any(words in line for line in lines)
