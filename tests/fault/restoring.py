# SPDX-License-Identifier: MPL-2.0
"""Backing up and restoring: while work goes on, damaged, behind its log, and the way on from there."""
import json
import os
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import (COMMUNE, VILLAGES, Client, Server, check, civis, data_folder, declaration, equal, eventually, local_today,
                     new_case, run_tests, test)  # noqa: E402


def beside(data, name):
    return os.path.join(os.path.dirname(data), name)


def report(data, *options):
    done = civis("check", "--data", data, "--json", *options, status=None)
    return done.returncode, json.loads(done.stdout)


@test
def a_backup_made_while_births_are_registered_is_sound():
    with data_folder() as data:
        server = Server(data).start()
        server.register(1)
        stop, done = threading.Event(), []

        def work():
            while not stop.is_set():
                done.append(server.register(100 + len(done)))

        worker = threading.Thread(target=work)
        worker.start()
        try:
            for i in range(4):
                civis("backup", "--data", data, "--to", beside(data, f"backup{i}"))
        finally:
            stop.set()
            worker.join()
        check(len(done) > 0)
        server.stop()
        acts = []
        for i in range(4):
            restored = beside(data, f"restored{i}")
            civis("restore", "--from", beside(data, f"backup{i}"), "--data", restored, "--nothing-newer")
            status, found = report(restored, "--deep")
            equal(status, 0, found)
            equal(found["opened_in_vault"], found["acts"])
            acts.append(found["acts"])
        equal(acts, sorted(acts))


@test
def a_damaged_backup_is_refused():
    with data_folder() as data:
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        backup = beside(data, "backup")
        civis("backup", "--data", data, "--to", backup)
        server.stop()
        done = civis("backup", "--data", data, "--to", backup, status=None)
        check(done.returncode != 0, "a folder in use was overwritten")
        for name in ("gate/main.db", "vault/vault.db", "gate/log/checkpoint"):
            path = os.path.join(backup, name)
            with open(path, "r+b") as f:
                f.seek(40)
                byte = f.read(1)
                f.seek(40)
                f.write(bytes([byte[0] ^ 1]))
            done = civis("restore", "--from", backup, "--data", beside(data, "never"), status=None)
            check(done.returncode != 0 and name in done.stderr, done.stderr)
            with open(path, "r+b") as f:
                f.seek(40)
                f.write(byte)
        os.unlink(os.path.join(backup, "MANIFEST"))
        done = civis("restore", "--from", backup, "--data", beside(data, "never"), status=None)
        check(done.returncode != 0 and "complete" in done.stderr, done.stderr)
        check(not os.path.exists(beside(data, "never/gate/main.db")))


@test
def the_root_key_can_be_kept_apart():
    with data_folder() as data:
        server = Server(data).start()
        act = server.register(1)
        server.receipt(act["act_id"])
        server.stop()
        backup, restored, key = beside(data, "backup"), beside(data, "restored"), beside(data, "kept.key")
        shutil.copy(os.path.join(data, "vault", "root.key"), key)
        civis("backup", "--data", data, "--to", backup, "--without-root-key")
        check(not os.path.exists(os.path.join(backup, "vault", "root.key")))
        done = civis("restore", "--from", backup, "--data", restored, status=None)
        check(done.returncode != 0 and "--root-key" in done.stderr, done.stderr)
        # As programs of before sealed it: the moment was not told.
        path = os.path.join(backup, "MANIFEST")
        with open(path, encoding="utf-8") as f:
            lines = f.readlines()
        check(lines[0].startswith("# 2"), lines[0])
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(lines[1:])
        civis("restore", "--from", backup, "--data", restored, "--root-key", key, "--nothing-newer")
        server = Server(restored).start()
        equal(server.officer("registrar").get(f"/api/v1/acts/{act['act_id']}").status, 200)
        server.stop()


@test
def a_restore_that_broke_off_is_begun_again_or_ended():
    with data_folder() as data:
        server = Server(data).start()
        act = server.register(1)
        server.receipt(act["act_id"])
        server.stop()
        backup, restored = beside(data, "backup"), beside(data, "restored")
        civis("backup", "--data", data, "--to", backup)
        # Broken off while copying: half of it lies there, and no store.
        part = os.path.join(restored, "restore.part")
        os.makedirs(os.path.join(part, "gate", "log"))
        with open(os.path.join(part, "gate", "main.db"), "wb") as f:
            f.write(b"half")
        civis("restore", "--from", backup, "--data", restored, "--nothing-newer")
        check(not os.path.exists(part))
        equal(report(restored, "--deep")[0], 0)
        # Broken off while renaming.
        os.mkdir(part)
        for name in ("vault", "gate"):
            os.rename(os.path.join(restored, name), os.path.join(part, name))
        with open(os.path.join(part, "ready"), "w", encoding="utf-8"):
            pass
        os.rename(os.path.join(part, "vault"), os.path.join(restored, "vault"))
        civis("restore", "--from", backup, "--data", restored)
        check(not os.path.exists(part))
        server = Server(restored).start()
        server.register(2)
        server.stop()


@test
def a_store_in_place_is_not_overwritten():
    with data_folder() as data:
        backup = beside(data, "backup")
        civis("backup", "--data", data, "--to", backup)
        done = civis("restore", "--from", backup, "--data", data, status=None)
        check(done.returncode != 0, done.stdout)


def trust_of(data):
    trust = beside(data, "trust.json")
    with open(trust, "w", encoding="utf-8") as f:
        f.write(civis("trust", "export", "--data", data).stdout)
    return trust


def the_log_is_its_signers_alone(data, lost):
    """Both epochs verify with the trust file and with each epoch's key, and not once a signature is spoiled."""
    trust = trust_of(data)
    with open(trust, encoding="utf-8") as f:
        keys = [key["public"] for key in json.load(f)["keys"] if key["use"] == "log"]
    equal(len(keys), 2, keys)
    ways = [("--trust", trust), ("--key", keys[0]), ("--key", keys[1])]
    for way in ways:
        said = civis("log", "verify", data, *way).stdout
        check(f"LOST: {lost}" in said and said.split("\n")[-2].startswith("valid; "), said)
    for name in ("checkpoint", "closed/1/checkpoint", "closed/1/known"):
        path = os.path.join(data, "gate", "log", name)
        with open(path, encoding="utf-8") as f:
            good = f.read()
        at = len(good) - 20
        spoiled = good[:at] + ("B" if good[at] == "A" else "A") + good[at + 1:]
        # The signature spoiled; and put under a name that nobody knows, which a verifier passes over.
        for bad in (spoiled, good.replace("\n\u2014 civis", "\n\u2014 nobody")):
            check(bad != good)
            with open(path, "w", encoding="utf-8") as f:
                f.write(bad)
            for way in ways:
                equal(civis("log", "verify", data, *way, status=None).returncode, 1, (name, way))
        with open(path, "w", encoding="utf-8") as f:
            f.write(good)
    # A key of a later epoch tells that the first was closed.
    closed = os.path.join(data, "gate", "log", "closed", "1")
    equal(civis("log", "verify", closed, "--key", keys[0]).returncode, 0)
    equal(civis("log", "verify", closed, "--key", keys[1], status=None).returncode, 1)


@test
def a_store_behind_its_vault_is_read_only_until_a_new_epoch():
    """Only the gate's disk was lost: the vault remembers what it signed."""
    with data_folder() as data:
        server = Server(data).start()
        kept = server.register(1)
        server.receipt(kept["act_id"])
        backup = beside(data, "backup")
        civis("backup", "--data", data, "--to", backup)
        server.receipt(server.register(2)["act_id"])
        server.stop()
        equal(civis("log", "new-epoch", "--data", data, status=None).returncode != 0, True)
        shutil.rmtree(os.path.join(data, "gate"))
        said = civis("restore", "--from", backup, "--data", data).stdout
        check("READ-ONLY" in said and "new-epoch" in said, said)
        server.start()
        refused = server.officer("official").declare(new_case(COMMUNE, declaration(5, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        equal(server.officer("registrar").get(f"/api/v1/acts/{kept['act_id']}").status, 200)
        server.stop()
        civis("log", "new-epoch", "--data", data)
        server.start()
        later = server.register(6)
        equal(server.receipt(later["act_id"]).status, 200)
        equal(server.receipt(kept["act_id"]).status, 200)
        origin = Client(server.url).get("/log/checkpoint").body.decode().split("\n")[0]
        check(origin.endswith("/2"), origin)
        server.stop()
        status, found = report(data, "--deep")
        equal(status, 0, found)
        said = civis("log", "verify", data).stdout
        check("NOT checked" in said and "\nvalid" not in said, said)
        the_log_is_its_signers_alone(data, "1 entry, from 1 to 1, of the 2")


@test
def a_birth_that_only_the_vault_remembers_is_declared_anew():
    """The register lost two acts; of one the vault saw that it stood in the log, since a certificate was drawn from it."""
    with data_folder() as data:
        server = Server(data).start()
        drawn, undrawn = (server.verify(server.declare(i)) for i in (1, 2))
        for case in (drawn, undrawn):
            server.sign(case)
        server.receipt(server.register(3)["act_id"])
        backup = beside(data, "backup")
        civis("backup", "--data", data, "--to", backup)
        registrar = server.officer("registrar")
        acts = [registrar.move(case["id"], "register", case["version"]).json()["act_id"] for case in (drawn, undrawn)]
        for act in acts:
            server.receipt(act)
        equal(registrar.get(f"/api/v1/acts/{acts[0]}/certificate.pdf").status, 200)
        server.stop()
        shutil.rmtree(os.path.join(data, "gate"))
        civis("restore", "--from", backup, "--data", data)
        civis("log", "new-epoch", "--data", data)
        server.start()
        registrar = server.officer("registrar")
        # Both cases are open again, as they stood in the backup.
        equal(registrar.move(undrawn["id"], "register", undrawn["version"]).status, 200)
        refused = registrar.move(drawn["id"], "register", drawn["version"])
        equal((refused.status, refused.code), (409, "conflict"), refused)
        anew = server.register(1)
        equal(server.receipt(anew["act_id"]).status, 200)
        server.stop()
        status, found = report(data, "--deep")
        equal(status, 0, found)


def checkpoint_of(server, name):
    path = beside(server.data, name)
    with open(path, "wb") as f:
        f.write(Client(server.url).get("/log/checkpoint").body)
    return path


def a_certificate_verifies(server, act, trust):
    pdf = server.officer("registrar").get(f"/api/v1/acts/{act['act_id']}/certificate.pdf")
    equal(pdf.status, 200, pdf)
    path = beside(server.data, "certificate.pdf")
    with open(path, "wb") as f:
        f.write(pdf.body)
    civis("verify", path, "--trust", trust)


def no_other_note_is_believed(data, trust, others):
    """The note that the new epoch commits to, taken away or put in place of another one."""
    path = os.path.join(data, "gate", "log", "closed", "1", "known")
    with open(path, encoding="utf-8") as f:
        good = f.read()
    at = len(good) - 20
    lines = good.split("\n")
    forged = [good[:at] + ("B" if good[at] == "A" else "A") + good[at + 1:],
              good.replace("\n\u2014 civis", "\n\u2014 nobody"),
              "\n".join([lines[0], str(int(lines[1]) + 1)] + lines[2:]), "", None]
    for other in others:
        with open(other, encoding="utf-8") as f:
            forged.append(f.read())
    for bad in forged:
        check(bad != good)
        os.unlink(path)
        if bad is not None:
            with open(path, "w", encoding="utf-8") as f:
                f.write(bad)
        for way in ((), ("--trust", trust)):
            equal(civis("log", "verify", data, *way, status=None).returncode, 1, (bad, way))
        with open(path, "w", encoding="utf-8") as f:
            f.write(good)


@test
def a_store_behind_a_checkpoint_that_somebody_kept_goes_on_in_a_new_epoch():
    """All was lost, gate and vault: only an observer knows how far the log had come, and nobody has its last entries."""
    with data_folder() as data:
        server = Server(data).start()
        kept = server.register(1)
        server.receipt(kept["act_id"])
        first = checkpoint_of(server, "first")
        backup, restored = beside(data, "backup"), beside(data, "restored")
        civis("backup", "--data", data, "--to", backup)
        server.receipt(server.register(2)["act_id"])
        between = checkpoint_of(server, "between")
        server.receipt(server.register(3)["act_id"])
        later = checkpoint_of(server, "later")
        server.stop()
        shutil.rmtree(data)
        said = civis("restore", "--from", backup, "--data", restored, "--checkpoint", later).stdout
        check("READ-ONLY" in said and "new-epoch" in said, said)
        server = Server(restored).start()
        refused = server.officer("official").declare(new_case(COMMUNE, declaration(5, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        server.stop()
        # Nothing is closed upon a note that the vault did not sign.
        path = os.path.join(restored, "gate", "log", "checkpoint")
        with open(path, encoding="utf-8") as f:
            good = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(good.replace("\n\u2014 civis", "\n\u2014 nobody"))
        done = civis("log", "new-epoch", "--data", restored, status=None)
        check(done.returncode != 0 and "vault signed" in done.stderr, done.stderr)
        with open(path, "w", encoding="utf-8") as f:
            f.write(good)
        civis("log", "new-epoch", "--data", restored)
        server.start()
        born = server.register(6)
        equal(server.receipt(born["act_id"]).status, 200)
        equal(server.receipt(kept["act_id"]).status, 200)
        trust = beside(restored, "trust.json")
        with open(trust, "wb") as f:
            f.write(Client(server.url).get("/trust.json").body)
        a_certificate_verifies(server, kept, trust)
        a_certificate_verifies(server, born, trust)
        for place in (restored, server.url):
            said = civis("log", "verify", place, "--trust", trust).stdout
            check("/1: LOST: 2 entries, from 1 to 2, of the 3 that the next epoch commits to; signature valid\n" in said, said)
            check(said.endswith("\nvalid; 2 entries of closed epochs lost, and known to be\n"), said)
        with open(later, "rb") as f:
            equal(Client(server.url).get("/log/closed/1/known").body, f.read())
        # An observer's older checkpoint, of what is left, of the very end, and of what nobody has.
        for older, status in ((first, 0), (later, 0), (between, 1)):
            equal(civis("log", "verify", server.url, "--trust", trust, "--older", older, status=None).returncode, status, older)
        server.stop()
        status, found = report(restored, "--deep")
        equal(status, 0, found)
        no_other_note_is_believed(restored, trust, (first, between))
        equal(civis("log", "verify", restored, "--trust", trust).returncode, 0)


@test
def a_log_of_which_nothing_is_left_goes_on_in_a_new_epoch():
    """The backup is older than the first act."""
    with data_folder() as data:
        backup, restored = beside(data, "backup"), beside(data, "restored")
        civis("backup", "--data", data, "--to", backup)
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        later = checkpoint_of(server, "later")
        server.stop()
        civis("restore", "--from", backup, "--data", restored, "--checkpoint", later)
        civis("log", "new-epoch", "--data", restored)
        server = Server(restored).start()
        equal(server.receipt(server.register(6)["act_id"]).status, 200)
        server.stop()
        said = civis("log", "verify", restored, "--trust", trust_of(restored), "--older", later).stdout
        check("/1: LOST: 1 entry, from 0 to 0, of the 1 that the next epoch commits to; signature valid\n" in said, said)
        check(said.endswith("\nvalid; 1 entry of closed epochs lost, and known to be\n"), said)
        status, found = report(restored, "--deep")
        equal(status, 0, found)


@test
def a_log_that_lies_nowhere_is_said_to():
    done = civis("log", "verify", "/nonexistent", status=None)
    equal(done.returncode, 2)
    check("there is no such folder" in done.stderr, done.stderr)


def goes_on_in_a_new_epoch(server, seed):
    """Opened while the server is stopped, as it is again afterwards: what the command said."""
    said = civis("log", "new-epoch", "--data", server.data).stdout
    server.start()
    equal(server.receipt(server.register(seed)["act_id"]).status, 200)
    server.stop()
    return said


def is_whole(data):
    said = civis("log", "verify", data, "--trust", trust_of(data)).stdout
    check("LOST" not in said and said.endswith("\nvalid\n"), said)


@test
def an_old_database_put_back_by_hand_goes_read_only():
    with data_folder() as data:
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        server.stop()
        gate, old = os.path.join(data, "gate"), beside(data, "old.db")
        shutil.copy(os.path.join(gate, "main.db"), old)
        server.start()
        server.receipt(server.register(2)["act_id"])
        server.stop()
        for name in ("main.db-wal", "main.db-shm"):
            if os.path.exists(os.path.join(gate, name)):
                os.unlink(os.path.join(gate, name))
        shutil.copyfile(old, os.path.join(gate, "main.db"))
        server.start()
        # The very first: nothing may be acknowledged before the store was compared with its log.
        refused = server.officer("official").declare(new_case(COMMUNE, declaration(5, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        server.stop()
        # The folder had every entry: nothing of the log is lost.
        goes_on_in_a_new_epoch(server, 6)
        is_whole(data)


@test
def a_vault_that_is_older_than_the_register_is_noticed_and_can_be_put_right():
    with data_folder() as data:
        vault, old, new, backup, gate = (os.path.join(data, "vault"), *(beside(data, name) for name in ("old", "new", "backup", "gate")))
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        server.stop()
        subprocess.run(["cp", "-a", vault, old], check=True)
        server.start()
        act, case = server.register(2)["act_id"], server.declare(3)
        equal(server.receipt(act).status, 200)
        server.stop()
        civis("backup", "--data", data, "--to", backup)

        def put(other):
            shutil.rmtree(vault, ignore_errors=True)
            subprocess.run(["cp", "-a", other, vault], check=True)

        os.rename(vault, new)
        put(new)
        done = civis("log", "new-epoch", "--data", data, status=1)
        check("there is no need for a new epoch" in done.stderr, done.stderr)
        put(old)
        status, found = report(data, "--deep")
        equal((status, len([p for p in found["problems"] if p["what"] == "key"])), (1, 2), found)  # the act's person, and the case's
        server.start()
        check(eventually(lambda: server.family().get("/healthz").json()["read_only"]), server.log_tail())
        refused = server.officer("official").declare(new_case(COMMUNE, declaration(5, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        server.stop()
        check('"vault_behind_the_log"' in server.log_text(), server.log_tail())
        # The right one comes back: the register lacked nothing, and goes on.
        put(new)
        server.start()
        server.verify(case)
        equal(server.receipt(server.sign(case).move(case["id"], "register", case["version"]).json()["act_id"]).status, 200)
        server.stop()
        # There is none: what was published in its name stays so, for everybody to see, and what it lacks the keys of is lost.
        put(old)
        os.rename(os.path.join(data, "gate"), gate)
        done = civis("restore", "--from", backup, "--data", data, status=2)
        check("older than the register's: it signed 1 entries of the log, and the register holds 2. Bring the vault's store back" in done.stderr,
              done.stderr)
        said = civis("restore", "--from", backup, "--data", data, "--vault-is-older").stdout
        check("it signed 1 entries" in said and "READ-ONLY" in said and "--nothing-newer" in said, said)
        shutil.rmtree(os.path.join(data, "gate"))
        said = civis("restore", "--from", backup, "--data", data, "--vault-is-older", "--nothing-newer").stdout
        check("it signed 1 entries" in said and f"civis log new-epoch --data {data}" in said, said)
        said = goes_on_in_a_new_epoch(server, 6)
        check("2 log entries are published, but the signer remembers 1; `civis check --deep`" in said, said)
        # And so in the register's own folder, which nothing has marked.
        shutil.rmtree(os.path.join(data, "gate"))
        os.rename(gate, os.path.join(data, "gate"))
        put(old)
        goes_on_in_a_new_epoch(server, 7)
        is_whole(data)


@test
def check_names_what_is_wrong():
    with data_folder() as data:
        server = Server(data).start()
        act = server.register(1)
        server.receipt(act["act_id"])
        server.stop()
        equal(report(data)[0], 0)
        entries = os.path.join(data, "gate", "log", "tile", "entries", "000.p", "1")
        with open(entries, "r+b") as f:
            f.seek(10)
            byte = f.read(1)
            f.seek(10)
            f.write(bytes([byte[0] ^ 1]))
        status, found = report(data)
        equal(status, 1)
        equal({p["what"] for p in found["problems"]}, {"log"})
        equal(found["ok"], False)


@test
def check_misses_a_lost_log_and_a_strange_signature():
    with data_folder() as data:
        server = Server(data).start()
        server.receipt(server.register(1)["act_id"])
        server.stop()
        log, kept = os.path.join(data, "gate", "log"), beside(data, "log")
        path = os.path.join(log, "checkpoint")
        equal(report(data, "--deep")[0], 0)
        with open(path, encoding="utf-8") as f:
            good = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(good.replace("\n\u2014 civis", "\n\u2014 nobody"))
        equal(report(data, "--deep")[0], 1)
        with open(path, "w", encoding="utf-8") as f:
            f.write(good)
        equal(report(data, "--deep")[0], 0)
        os.rename(log, kept)
        status, found = report(data)
        equal((status, [p["what"] for p in found["problems"]]), (1, ["log"]))
        os.mkdir(log)
        equal(report(data)[0], 1)


@test
def a_restored_register_goes_on_in_a_new_epoch_and_the_closed_one_stays_public():
    with data_folder() as data:
        folder, backup = os.path.dirname(data), beside(data, "backup")
        s = Server(data).start()
        kept = s.register(1)
        s.receipt(kept["act_id"])
        civis("backup", "--data", data, "--to", backup)
        s.receipt(s.register(2)["act_id"])
        s.stop()
        # The gate's disk is lost; the vault remembers that it signed a longer log.
        shutil.rmtree(os.path.join(data, "gate"))
        civis("restore", "--from", backup, "--data", data)
        s.start()
        refused = s.officer("official").declare(new_case(COMMUNE, declaration(3, VILLAGES, local_today())))
        equal((refused.status, refused.code), (503, "read_only"))
        equal(s.family().get("/healthz").json()["read_only"], True)
        done = civis("log", "new-epoch", "--data", data, status=2)
        check("A register is at work on this database: stop it first" in done.stderr, done.stderr)
        s.stop()
        civis("log", "new-epoch", "--data", data)
        s.start()
        equal(s.family().get("/healthz").json()["read_only"], False)
        act = s.register(4)
        equal(s.receipt(act["act_id"]).status, 200)
        equal(s.receipt(kept["act_id"]).status, 200)  # proved by the epoch that was closed
        check(s.family().get("/log/checkpoint").body.decode().split("\n")[0].endswith("/2"))
        closed = s.family().get("/log/closed/1/checkpoint")
        equal(closed.status, 200, closed)
        equal(s.family().get("/log/closed/1/tile/0/000.p/1").status, 200)
        equal(s.family().get("/log/closed/1/tile/entries/000.p/1").status, 200)
        for path in ("2/checkpoint", "x/checkpoint", "1/../checkpoint", "1/tile/../../../main.db", "1/tile/entries/../0/000.p/1"):
            check(s.family().get("/log/closed/" + path).status in (400, 404), path)
        civis("log", "verify", s.url)
        pdf = s.officer("registrar").get(f"/api/v1/acts/{kept['act_id']}/certificate.pdf")
        equal(pdf.status, 200, pdf)
        for name, content in (("c.pdf", pdf.body), ("trust.json", s.family().get("/trust.json").body)):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)
        civis("verify", os.path.join(folder, "c.pdf"), "--trust", os.path.join(folder, "trust.json"))
        s.stop()
        civis("check", "--data", data, "--deep")
        civis("log", "verify", data)


run_tests(only=sys.argv[1:])
