# SPDX-License-Identifier: MPL-2.0
"""One register on two machines: gates and a vault on each, the databases between them, and any of it can be lost.

A machine of these tests is a data folder of its own, made from the first's as docs/operations/postgresql.md says.
"""
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import postgresql  # noqa: E402
from clerks import acknowledged_by, all_is_there, births_going_on, gates_of  # noqa: E402
from harness import PASSPHRASE, Client, Server, check, data_folder, equal, eventually, new_case, run_tests_on_server, test  # noqa: E402


def copy_as_the_manual_says(first, second):
    """The command that docs/operations/postgresql.md gives, with these folders and without the way between."""
    with open(os.path.join(ROOT, "docs", "operations", "postgresql.md"), encoding="utf-8") as f:
        found = re.search(r"^tar -C /var/lib/civis (.*) \| ssh second 'mkdir (.*) && tar -C /var/lib/civis (.*)'$", f.read(), re.M)
    check(found, "the manual does not tell it")
    give, make, take = found.groups()
    subprocess.run(f"tar -C {first} {give} | (mkdir {make.replace('/var/lib/civis', second)} && tar -C {second} {take})",
                   shell=True, check=True)


@contextlib.contextmanager
def two_machines(gates=1):
    """Two servers with so many gates each; they end with the block."""
    with data_folder() as data, tempfile.TemporaryDirectory(prefix="civis-second-") as folder:
        os.chmod(folder, 0o711)
        first = Server(data, gates=gates).start()
        try:
            # The second is made while the first is at work.
            copy_as_the_manual_says(data, os.path.join(folder, "data"))
            second = Server(os.path.join(folder, "data"), gates=gates).start()
            try:
                yield first, second
            finally:
                if second.process.poll() is None:
                    second.stop(expected=None)
        finally:
            if first.process.poll() is None:
                first.stop(expected=None)


@test
def both_machines_are_one_register():
    with two_machines() as (first, second):
        equal(sorted(os.listdir(os.path.join(second.data, "vault"))), ["root.key", "store"])
        # Begun at one, gone on with at the other; a request repeated at the other is known there.
        key, case = str(uuid.uuid4()), new_case(first.country.office, first.country.birth(1), first.country.language)
        declared = first.officer("official").declare(case, key=key)
        equal(declared.status, 201, declared)
        again = second.officer("official").declare(case, key=key)
        equal((again.status, again.json()), (201, declared.json()))
        case.update(declared.json())
        case = second.verify(case)
        key = str(uuid.uuid4())
        done = first.sign(case).move(case["id"], "register", case["version"], key=key)
        equal(done.status, 200, done)
        again = second.officer("registrar").move(case["id"], "register", case["version"], key=key)
        equal((again.status, again.json()["act_id"]), (200, done.json()["act_id"]))
        act = done.json()["act_id"]
        equal((first.receipt(act).status, second.receipt(act).status), (200, 200))
        # One key, one document, wherever it is asked for.
        key = {"Idempotency-Key": str(uuid.uuid4())}
        papers = [s.officer("registrar").get(f"/api/v1/acts/{act}/certificate.pdf", headers=key) for s in (first, second)]
        equal([p.status for p in papers], [200, 200], papers)
        equal(papers[0].headers["content-disposition"], papers[1].headers["content-disposition"])
        # Each machine's matcher knows what was declared at the other.
        twice = [s.declare(1) for s in (first, second)]
        for case, s in zip(twice, (second, first)):
            where = f"/api/v1/cases/{case['id']}"
            check(eventually(lambda s=s, w=where: len(s.officer("verifier").get(w).json()["duplicates"]["candidates"]) == 2, 20), case)
        # Who signs out at one is out at the other, and looks are counted in one list.
        passing = Client(first.url)
        equal(passing.sign_in("official2", PASSPHRASE).status, 201)
        beyond = Client(second.url)
        beyond.token = passing.token
        equal(beyond.get("/api/v1/sessions/current").status, 200)
        equal(passing.request("DELETE", "/api/v1/sessions/current").status, 204)
        check(eventually(lambda: beyond.get("/api/v1/sessions/current").status == 401, 10), "still signed in")


def lose_a_machine(server):
    server.process.kill()  # its gates, its vault and its matcher end with it
    server.process.wait()


@test
def a_machine_is_lost_and_the_other_goes_on():
    with two_machines() as (first, second):
        with births_going_on(first, second) as offices:
            check(eventually(lambda: acknowledged_by(offices) >= 4), "it did not begin")
            lose_a_machine(first)
            count = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) >= count + 6), "the second did not go on")
            check(eventually(lambda: Client(second.url).get("/healthz").json()["sequencer"] == "here"), "nobody sequences")
            first.start()
            count = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) >= count + 6), "it did not go on")
        all_is_there([first, second], offices)


def strike(chance, servers, cluster):
    """One thing of all that can be lost, at random; says which."""
    what = chance.choice(["gate", "gate", "vault", "vault", "matcher", "machine", "server", "hanging", "standing"])
    struck = chance.choice(servers)
    children = sorted(struck.children().items())
    chance.shuffle(children)
    children = {role.split("-")[0]: pid for role, pid in children}  # one of its gates
    if what == "machine":
        lose_a_machine(struck)
        time.sleep(chance.uniform(0, 2))
        struck.start(wait=False)
    elif what == "server":
        cluster.kill()
        time.sleep(chance.uniform(0, 2))
        cluster.start()
    elif what == "hanging":
        with cluster.hanging():
            time.sleep(chance.uniform(0.2, 3))
    elif what == "standing" and "gate" in children:
        os.kill(children["gate"], signal.SIGSTOP)
        time.sleep(chance.uniform(0.2, 7))
        with contextlib.suppress(ProcessLookupError):
            os.kill(children["gate"], signal.SIGCONT)
    elif what in children:
        os.kill(children[what], signal.SIGKILL)
    return what


@test
def whatever_is_lost_nothing_acknowledged_is():
    rounds, seed = int(os.environ.get("STRIKES", "12")), os.environ.get("STRIKES_SEED", "1")
    chance, struck = random.Random(seed), []
    with two_machines(gates=2) as (first, second):
        with births_going_on(first, second) as offices:
            for _ in range(rounds):
                time.sleep(chance.uniform(0.2, 1.5))
                struck.append(strike(chance, (first, second), postgresql.running()))
            count = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) >= count + 8), (struck, "it did not go on"))
        for gate in gates_of(first, second):
            gate.wait_ready()
        print(f"# struck: {' '.join(struck)}")
        all_is_there([first, second], offices)


run_tests_on_server()
