# SPDX-License-Identifier: MPL-2.0
"""For tests of `civis migrate-store`: copies of a folder that was made once, and commands that are broken off."""
import contextlib
import fcntl
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading

from harness import check, civis_program, equal, eventually


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


class Move:
    """A command that was begun, and the lines that it says."""

    def __init__(self, args):
        self.process = subprocess.Popen([civis_program(), *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.reading = threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True)
        self.reading.start()

    def end(self):
        """Its status; it and whoever worked for it are gone."""
        status = self.process.wait(120)
        self.reading.join(60)
        return status


@contextlib.contextmanager
def held(args, server, statement, database):
    """A move that waits for what somebody else has begun in the database."""
    with server.holding(statement, database):
        move = Move(args)
        check(eventually(lambda: server.waiting(database)), move.lines)
        yield move


def killed_waiting(args, server, statement, database):
    """Killed while it waits for that."""
    with held(args, server, statement, database) as move:
        move.process.kill()
        equal(move.end(), -signal.SIGKILL, move.lines)


def killed(args, words):
    """Killed when it has said the line that begins so, and before it has said the second line after it: all that it said.

    The pipe holds one line, so that it waits before the next, however slow this program is."""
    ours, its = os.pipe2(os.O_CLOEXEC | os.O_DIRECT)  # what is written at once is read at once, and takes a page
    fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, 4096)
    p = subprocess.Popen([civis_program(), *args], stdout=subprocess.DEVNULL, stderr=its)
    os.close(its)
    said, more = b"", b"-"
    line = re.compile(re.escape(words).encode() + rb": [\x20-\x7e]*\n")  # one that goes on ends in "…"
    with os.fdopen(ours, "rb", buffering=0) as lines:
        while more and not line.search(said):
            more = lines.read(4096)
            said += more
        select.select([lines], [], [], 60)  # the line after it stands in the pipe
        p.kill()
        equal(p.wait(), -signal.SIGKILL, said)
        return (said + lines.readall()).decode()
