# SPDX-License-Identifier: MPL-2.0
"""Faults while births are being registered: afterwards every acknowledged act is in the
database and in the log, once, and a repeated request has had one effect.

kill -9 of each process at random moments, a full disk, failing writes.
"""
import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from clerks import acknowledged_by, births_going_on  # noqa: E402
from harness import (COMMUNE, VILLAGES, Client, Server, Skip, check, civis, data_folder, declaration, equal, eventually,
                     local_today, new_case, prepare_data, run_tests, running, test)  # noqa: E402


def everything_acknowledged_is_there(server, offices):
    """With the server running: every act readable, its receipt ready; then stopped: civis check --deep."""
    acknowledged = [act for office in offices for act in office.acknowledged]
    check(len(acknowledged) > 0, "no birth was registered at all")
    for office in offices:
        equal(office.unexpected, [])
    serials = [act["entry"]["serial"] for act in acknowledged]
    equal(len(set(serials)), len(serials), "a serial was given twice")
    numbers = [act["personal_number"] for act in acknowledged]
    equal(len(set(numbers)), len(numbers), "a personal number was given twice")
    # The last and some in between through the API; all of them, below, in the database itself.
    registrar = server.officer("registrar")
    for act in acknowledged[-1:] + random.Random(1).sample(acknowledged, min(20, len(acknowledged))):
        equal(server.receipt(act["act_id"]).status, 200, act)
        equal(registrar.get(f"/api/v1/acts/{act['act_id']}").status, 200)
    size = int(Client(server.url).get("/log/checkpoint").body.decode().split("\n")[1])
    check(size >= len(acknowledged), (size, len(acknowledged)))
    server.stop()
    rows = subprocess.run(["sqlite3", os.path.join(server.data, "gate", "main.db"),
                           "SELECT lower(hex(act_id)), place FROM leaf"], capture_output=True, text=True, check=True)
    places = dict(row.split("|") for row in rows.stdout.split())
    equal(len(places), rows.stdout.count("\n"), "an act is in the log twice")
    for act in acknowledged:
        check(places.get(act["act_id"].replace("-", "")), ("acknowledged, but not in the log", act["act_id"]))
    done = civis("check", "--data", server.data, "--deep", status=None)
    equal(done.returncode, 0, done.stdout + done.stderr)
    print(f"# {len(acknowledged)} births acknowledged, {sum(o.repeats for o in offices)} requests repeated, log size {size}")


def killing(role, rounds=6):
    """kill -9 of one process again and again while births go on."""
    chance = random.Random(f"kill {role}")
    with data_folder() as data, running(data) as server:
        with births_going_on(server) as offices:
            for _ in range(rounds):
                time.sleep(chance.uniform(0.3, 1.2))
                if role == "supervisor":
                    server.process.kill()
                    server.process.wait()
                    server.start()
                else:
                    pid = server.children().get(role)
                    if pid:
                        os.kill(pid, signal.SIGKILL)
            before = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) > before), "it did not go on afterwards")
        server.wait_ready()
        if role != "supervisor":
            restarts = len(re.findall(f'"child_restarts","role":"{role}"', server.log_text()))
            check(restarts >= rounds - 1, f"{restarts} restarts of the {role}")
            counted = f'civis_child_restarts_total{{role="{role}"}} {restarts}\n'
            check(eventually(lambda: counted in Client(server.url).get("/metrics").body.decode(), 10), counted)
        everything_acknowledged_is_there(server, offices)


@test
def nothing_acknowledged_is_lost_when_the_gate_is_killed():
    killing("gate")


@test
def nothing_acknowledged_is_lost_when_the_vault_is_killed():
    killing("vault")


@test
def work_goes_on_when_the_matcher_is_killed():
    killing("matcher")


@test
def nothing_acknowledged_is_lost_when_everything_is_killed():
    killing("supervisor", rounds=4)


@test
def without_a_matcher_work_goes_on_and_says_so():
    with data_folder() as data:
        server = Server(data).start()
        case = server.declare(1)
        os.kill(server.children()["matcher"], signal.SIGSTOP)
        answer = server.officer("verifier").get(f"/api/v1/cases/{case['id']}")
        equal(answer.status, 200, answer)
        equal(answer.json()["duplicates"]["searched"], False)
        os.kill(server.children()["matcher"], signal.SIGCONT)
        server.stop()


@test
def without_a_vault_the_answer_is_503():
    with data_folder() as data:
        server = Server(data).start()
        server.receipt(server.register(2)["act_id"])
        case = server.declare(1)
        client = server.officer("verifier")
        vault = server.children()["vault"]
        os.kill(vault, signal.SIGSTOP)
        answer = client.get(f"/api/v1/cases/{case['id']}")
        equal(answer.status, 503, answer)
        equal(answer.code, "vault_unavailable")
        check("retry-after" in answer.headers, answer.headers)
        equal(client.get("/log/checkpoint").status, 200)
        os.kill(vault, signal.SIGCONT)
        check(eventually(lambda: client.get(f"/api/v1/cases/{case['id']}").status == 200), "the vault did not come back")
        server.stop()


@test
def a_full_disk_refuses_and_loses_nothing():
    if os.geteuid() != 0:
        raise Skip("mounting a small disk needs root")
    folder = tempfile.mkdtemp(prefix="civis-full-")
    os.chmod(folder, 0o711)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=711", "tmpfs", folder], check=False).returncode:
        raise Skip("this machine does not let a disk be mounted")
    try:
        data = os.path.join(folder, "data")
        subprocess.run(["cp", "-a", prepare_data(), data], check=True)
        log_path, filler = folder + ".log", os.path.join(folder, "filler")
        with running(data, log_path) as server:
            with births_going_on(server) as offices:
                check(eventually(lambda: acknowledged_by(offices) > 5), "births never began")
                with open(filler, "wb", buffering=0) as f:
                    full = False
                    while not full:
                        try:
                            f.write(b"\0" * 65536)
                        except OSError as why:
                            full = why.errno == errno.ENOSPC
                            check(full, why)
                refused = r"civis_store_refused_full_total [1-9]"
                check(eventually(lambda: re.search(refused, Client(server.url).get("/metrics").body.decode())),
                      "no write was refused on a full disk")
                os.unlink(filler)
                before = acknowledged_by(offices)
                check(eventually(lambda: acknowledged_by(offices) > before), "it did not go on when there was room again")
            server.wait_ready()
            everything_acknowledged_is_there(server, offices)
        os.unlink(log_path)
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
        os.rmdir(folder)


def failing_writes(role, call, file, after):
    """strace makes the nth call of one kind on one file of one process fail with EIO, once."""
    if os.geteuid() != 0:
        raise Skip("making a process's writes fail needs root")
    with data_folder() as data, running(data) as server:
        with births_going_on(server) as offices:
            victim = server.children()[role]
            disk = subprocess.Popen(["strace", "-f", "-qq", "-o", os.devnull, "-p", str(victim), "-P",
                                     os.path.join(data, file), "-e", "trace=" + call, "-e",
                                     f"inject={call}:error=EIO:when={after}"], stderr=subprocess.DEVNULL)
            try:
                check(eventually(lambda: server.children().get(role, victim) != victim),
                      "a process went on after its disk had failed")
            finally:
                disk.terminate()
                disk.wait()
            before = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) > before), "it did not go on afterwards")
        server.wait_ready()
        everything_acknowledged_is_there(server, offices)


@test
def an_io_error_on_the_write_ahead_log_loses_nothing():
    failing_writes("gate", "pwrite64", "gate/main.db-wal", 60)


@test
def a_failed_sync_ends_the_process_and_loses_nothing():
    failing_writes("gate", "fdatasync", "gate/main.db-wal", 12)


@test
def a_failed_sync_of_the_logs_files_ends_the_gate_and_loses_nothing():
    failing_writes("gate", "syncfs", "gate/log", 3)


@test
def an_io_error_in_the_vaults_store_loses_nothing():
    failing_writes("vault", "pwrite64", "vault/vault.db-wal", 60)


@test
def a_failed_sync_in_the_vaults_store_loses_nothing():
    failing_writes("vault", "fdatasync", "vault/vault.db-wal", 12)


def set_soft_memory_limit(pid, limit):
    """As the process's own user, who may do so without any privilege."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        status = f.read()
    uid, gid = (re.search(rf"^{name}:\s+(\d+)", status, re.M)[1] for name in ("Uid", "Gid"))
    subprocess.run(["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "prlimit", "--pid", str(pid),
                    f"--as={limit}:", f"--data={limit}:"], check=True)


def memory_running_out(role):
    """The process may get no more memory for a while: it refuses, or ends and comes back; it loses nothing."""
    if os.geteuid() != 0:
        raise Skip("becoming another process's user needs root")
    with data_folder() as data, running(data) as server:
        with births_going_on(server) as offices:
            check(eventually(lambda: acknowledged_by(offices) > 5), "births never began")
            victim = server.children()[role]
            # What is mapped stays, and nothing is added.
            set_soft_memory_limit(victim, 1 << 20)
            time.sleep(3)
            if server.children().get(role) == victim:
                set_soft_memory_limit(victim, "unlimited")
            before = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) > before), "it did not go on when there was memory again")
        server.wait_ready()
        everything_acknowledged_is_there(server, offices)


@test
def a_gate_without_memory_loses_nothing():
    memory_running_out("gate")


@test
def a_vault_without_memory_loses_nothing():
    memory_running_out("vault")


@test
def a_checkpoint_signed_but_not_published_is_published_after_a_restart():
    with data_folder() as data:
        server = Server(data).start()
        server.register(1)
        server.receipt(server.register(2)["act_id"])
        server.stop()
        # What a crash between signing and publishing leaves: the vault and the head know the
        # size, the published file is the one before.
        path = os.path.join(data, "gate", "log", "checkpoint")
        with open(path, encoding="utf-8") as f:
            published = f.read()
        os.unlink(path)
        server.start()
        check(eventually(lambda: Client(server.url).get("/log/checkpoint").status == 200, 5), "it was not published")
        answer = Client(server.url).get("/log/checkpoint")
        equal(answer.body.decode().split("\n")[:3], published.split("\n")[:3])
        act = server.register(3)
        equal(server.receipt(act["act_id"]).status, 200)
        server.stop()
        civis("check", "--data", data, "--deep")


@test
def an_altered_row_is_found():
    """Somebody with the database's file changes one commitment: check says which act."""
    with data_folder() as data:
        server = Server(data).start()
        act = server.register(1)
        server.receipt(act["act_id"])
        server.stop()
        subprocess.run(["sqlite3", os.path.join(data, "gate", "main.db"),
                        "UPDATE act SET commitment = zeroblob(32)"], check=True)
        done = civis("check", "--data", data, "--json", status=None)
        equal(done.returncode, 1, done.stdout + done.stderr)
        check(act["act_id"] in {problem["id"] for problem in json.loads(done.stdout)["problems"]}, done.stdout)


@test
def a_restored_backup_is_whole_and_one_behind_its_log_is_read_only():
    with data_folder() as data:
        server = Server(data).start()
        act = server.register(1)
        server.receipt(act["act_id"])
        folder = os.path.dirname(data)
        backup, restored = os.path.join(folder, "backup"), os.path.join(folder, "restored")
        sent = new_case(COMMUNE, declaration(7, VILLAGES, local_today())), "sent-before-the-backup"
        declared = server.officer("official").declare(*sent)
        civis("backup", "--data", data, "--to", backup)
        later = server.register(2)
        server.receipt(later["act_id"])
        checkpoint = os.path.join(folder, "later-checkpoint")
        with open(checkpoint, "wb") as f:
            f.write(Client(server.url).get("/log/checkpoint").body)
        server.stop()
        first = os.path.join(folder, "first-checkpoint")
        shutil.copy(os.path.join(backup, "gate", "log", "checkpoint"), first)
        # The restored vault has forgotten what it signed since: nothing more until somebody says what was published.
        said = civis("restore", "--from", backup, "--data", restored).stdout
        check("READ-ONLY" in said and "--checkpoint" in said and "--nothing-newer" in said, said)
        said = civis("check", "--data", restored).stdout
        check("read-only: " in said and said.endswith("sound\n"), said)
        waiting = Server(restored).start()
        equal(waiting.officer("registrar").get(f"/api/v1/acts/{act['act_id']}").status, 200)
        refused = waiting.officer("official").declare(new_case(COMMUNE, declaration(4, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        waiting.stop()
        forged = os.path.join(folder, "forged")
        with open(first, encoding="utf-8") as f, open(forged, "w", encoding="utf-8") as g:
            g.write(f.read().replace("\n\u2014 civis", "\n\u2014 nobody"))
        equal(civis("restore", "--data", restored, "--checkpoint", forged, status=None).returncode != 0, True)
        said = civis("restore", "--data", restored, "--checkpoint", first).stdout
        check("READ-ONLY" not in said and "it can be written" in said and f"civis serve --data {restored}" in said, said)
        check("read-only" not in civis("check", "--data", restored).stdout, "it is not, any more")
        again = civis("restore", "--data", restored, "--nothing-newer", status=1)
        check("can be written already" in again.stderr, again.stderr)
        again = Server(restored).start()
        equal(again.officer("registrar").get(f"/api/v1/acts/{act['act_id']}").status, 200)
        # A request that was answered before the backup is known, not refused as another under the same key.
        repeated = again.officer("official").declare(*sent)
        equal((repeated.status, repeated.json()), (201, declared.json()))
        again.register(3)
        again.stop()
        shutil.rmtree(restored)
        # A copy of one that waits, waits; one that is shown that more was published says what is left to do.
        copied = os.path.join(folder, "copied")
        civis("restore", "--from", backup, "--data", restored)
        civis("backup", "--data", restored, "--to", copied)
        for way, writable in ((), False), (("--nothing-newer",), True):
            shutil.rmtree(restored)
            said = civis("restore", "--from", copied, "--data", restored, *way).stdout
            equal(("it can be written" in said, "READ-ONLY" in said), (writable, not writable), said)
        shutil.rmtree(restored)
        civis("restore", "--from", backup, "--data", restored)
        said = civis("restore", "--data", restored, "--checkpoint", checkpoint).stdout
        check("READ-ONLY" in said and f"civis log new-epoch --data {restored}" in said and "can be written" not in said, said)
        for way in (("--nothing-newer",), ("--checkpoint", first)):
            again = civis("restore", "--data", restored, *way, status=1)
            check("READ-ONLY" in again.stderr and "new-epoch" in again.stderr, again.stderr)
        shutil.rmtree(restored)
        civis("restore", "--from", backup, "--data", restored, "--checkpoint", checkpoint)
        behind = Server(restored).start()
        equal(behind.officer("registrar").get(f"/api/v1/acts/{act['act_id']}").status, 200)
        refused = behind.officer("official").declare(new_case(COMMUNE, declaration(4, VILLAGES, local_today())))
        equal(refused.status, 503, refused)
        equal(refused.code, "read_only")
        behind.stop()
        # And writable at once where the operator knows that nothing was published, or shows what was.
        for way in (("--nothing-newer",), ("--checkpoint", first)):
            shutil.rmtree(restored)
            said = civis("restore", "--from", backup, "--data", restored, *way).stdout
            check("READ-ONLY" not in said and "it can be written" in said, said)


run_tests(only=sys.argv[1:])
