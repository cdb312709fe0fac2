# SPDX-License-Identifier: MPL-2.0
"""`civis log new-epoch` is ended at each of its steps, and said again."""
import contextlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import postgresql  # noqa: E402
from harness import (Client, Server, Skip, check, civis, civis_program, copy_databases, data_folder, equal, run_tests,
                     test)  # noqa: E402
from stored import database, rows  # noqa: E402

# What makes a step last in files; on a server its commits lie between two of these. Each thread counts its own.
STEPS = "rename,fsync,fdatasync,syncfs"
MOST = 60


@contextlib.contextmanager
def another(data, name):
    """A copy of the whole register that nobody is at work on."""
    to = os.path.join(os.path.dirname(data), name)
    subprocess.run(["cp", "-a", data, to], check=True)
    if postgresql.on():
        copy_databases(database(data), to)
    yield to
    subprocess.run(["rm", "-rf", to], check=True)


def put_back(data, older):
    """All that the gate keeps is the older one's: the vault alone knows more."""
    subprocess.run(["rm", "-rf", os.path.join(data, "gate")], check=True)
    subprocess.run(["cp", "-a", os.path.join(older, "gate"), data], check=True)


def ended_at(data, step):
    """Whether the command was ended with SIGKILL, before the so many-th such call of any of its threads."""
    done = subprocess.run(["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={STEPS}", "-e",
                           f"inject={STEPS}:signal=KILL:when={step}", civis_program(), "log", "new-epoch", "--data", data],
                          capture_output=True, text=True, check=False, timeout=120,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})  # leaks are not looked for under strace
    return done.returncode != 0


def heads(data):
    return rows(data, "SELECT epoch, size FROM log_head ORDER BY epoch")


def is_content(data):
    server = Server(data).start()
    act = server.register(7)
    equal(server.receipt(act["act_id"]).status, 200)
    check(Client(server.url).get("/log/checkpoint").body.decode().split("\n")[0].endswith("/2"))
    server.stop()
    civis("log", "verify", data)
    civis("check", "--data", data, "--deep")


def break_off_everywhere(data):
    halves = []
    for step in range(1, MOST):
        with another(data, f"broken{step}") as broken:
            if not ended_at(broken, step):
                break
            half = len(heads(broken)), os.path.exists(os.path.join(broken, "gate", "log", "checkpoint"))
            civis("log", "new-epoch", "--data", broken)
            equal(heads(broken)[1:], [(2, 1)])
            civis("check", "--data", broken, "--deep")
            if half not in halves:
                is_content(broken)
            halves.append(half)
    print(f"# ended at {halves}")
    check(step < MOST - 1)
    # Nothing yet; in the store alone; all.
    equal(set(halves), {(1, True), (2, True), (2, False)})


@test
def a_new_epoch_that_broke_off_is_finished_by_the_same_command():
    if os.geteuid() != 0:
        raise Skip("ending a process of another user at a step needs root")
    with data_folder() as data:
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        server.stop()
        with another(data, "older") as older:
            server.start()
            server.receipt(server.register(2)["act_id"])
            server.stop()
            put_back(data, older)
            server.start()
            server.stop()
            break_off_everywhere(data)


run_tests(only=sys.argv[1:])
