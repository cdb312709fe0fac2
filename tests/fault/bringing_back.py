# SPDX-License-Identifier: MPL-2.0
"""A register on PostgreSQL whose server is lost: brought back to a moment from its archive, or gone on with on its standby.

The proof that nothing is missing is the log's: a checkpoint that somebody kept.
"""
import contextlib
import os
import re
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import postgresql  # noqa: E402
from harness import (Client, Server, check, civis, data_folder, equal, eventually, new_case, new_database, run_tests, test)  # noqa: E402
from stored import database  # noqa: E402


@contextlib.contextmanager
def primary(settings):
    """A server on which the registers of this test lie."""
    with postgresql.cluster(settings) as c:
        os.environ[postgresql.VARIABLE] = c.socket
        try:
            yield c
        finally:
            del os.environ[postgresql.VARIABLE]


def kept_checkpoint(server, size):
    """The published one, once it is of so many entries."""
    def text():
        return Client(server.url).get("/log/checkpoint").body.decode()
    check(eventually(lambda: text() and int(text().split("\n")[1]) >= size), "the log does not grow")
    return text()


def archive_all(c):
    last = c.sql("SELECT pg_walfile_name(pg_switch_wal())")
    check(eventually(lambda: c.sql(f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver") == "t"), "the archive is behind")


def new_birth(server, seed):
    return new_case(server.country.office, server.country.birth(seed), server.country.language)


def move_to(data, c, vaults=None):
    """The register's address leads to another server, and its vault's to that one too or to `vaults`."""
    for room, to in (("gate", c), ("vault", vaults or c)):
        path = os.path.join(data, room, "store")
        with open(path, encoding="utf-8") as f:
            line = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(re.sub(r"host=\S+", f"host={to.socket}", line))


@test
def a_database_is_brought_back_to_a_moment_and_its_log_tells_what_is_missing():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        archive = os.path.join(folder, "archive")
        os.mkdir(archive)
        os.chmod(archive, 0o777)
        keep = {"archive_mode": "on", "archive_command": f"'test ! -f {archive}/%f && cp %p {archive}/%f'"}
        with primary(keep) as c, data_folder() as data, postgresql.place() as base, postgresql.place() as whole:
            server = Server(data).start()
            acts = [server.register(1)["act_id"]]
            base.copy_of(c)
            acts.append(server.register(2)["act_id"])
            kept_checkpoint(server, 2)
            c.sql("SELECT pg_create_restore_point('middle')")
            acts.append(server.register(3)["act_id"])
            newest = os.path.join(folder, "checkpoint")
            with open(newest, "w", encoding="utf-8") as f:
                f.write(kept_checkpoint(server, 3))
            server.stop()
            archive_all(c)
            c.kill()
            fetch = {"restore_command": f"'cp {archive}/%f %p'", "recovery_target_action": "'promote'", "archive_mode": "off"}
            whole.copy_from(base)
            whole.recover("recovery.signal", fetch)
            base.recover("recovery.signal", {**fetch, "recovery_target_name": "'middle'"})
            for one in (base, whole):
                check(eventually(lambda one=one: one.sql("SELECT pg_is_in_recovery()") == "f"), "it stays in recovery")

            # One act less than what was published: it can be read, and no more. The vault's database always goes to its end.
            move_to(data, base, vaults=whole)
            server.start()
            refused = server.family().declare(new_birth(server, 5))
            equal((refused.status, refused.code), (503, "read_only"))
            equal([server.officer("registrar").get(f"/api/v1/acts/{act}").status for act in acts], [200, 200, 404])
            server.stop()

            # As far as the checkpoint says: it works on.
            move_to(data, whole)
            check("sound" in civis("check", "--deep", "--data", data).stdout)
            server.start()
            equal([server.officer("registrar").get(f"/api/v1/acts/{act}").status for act in acts], [200, 200, 200])
            equal(server.receipt(server.register(4)["act_id"]).status, 200)
            server.stop()
            # What an observer kept is a part of it.
            with open(os.path.join(folder, "trust.json"), "w", encoding="utf-8") as f:
                f.write(civis("trust", "export", "--data", data).stdout)
            civis("log", "verify", data, "--trust", f.name, "--older", newest)


@contextlib.contextmanager
def on_the_server_but_for_its_vault(c, name):
    socket = os.environ.pop(postgresql.VARIABLE)
    try:
        with data_folder() as data:
            os.environ[postgresql.VARIABLE] = socket
            new = new_database(name)
            civis("migrate-store", "--from", data, "--to", new[1], "--owner", new[3])
            yield data
    finally:
        os.environ[postgresql.VARIABLE] = socket


@test
def a_database_brought_back_to_a_backups_moment_goes_with_its_vault():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        archive, backup, restored = (os.path.join(folder, name) for name in ("archive", "backup", "restored"))
        os.mkdir(archive)
        os.chmod(archive, 0o777)
        keep = {"archive_mode": "on", "archive_command": f"'test ! -f {archive}/%f && cp %p {archive}/%f'"}
        with primary(keep) as c, on_the_server_but_for_its_vault(c, "moving") as data, postgresql.place() as base, postgresql.place() as whole:
            base.copy_of(c)
            server = Server(data).start()
            acts, stop = [], threading.Event()

            def work():
                while not stop.is_set():
                    acts.append(server.register(1 + len(acts))["act_id"])

            worker = threading.Thread(target=work)
            worker.start()
            check(eventually(lambda: len(acts) >= 2), acts)
            moment = re.search(r"its moment is (.+)\n", civis("backup", "--data", data, "--to", backup).stdout)[1]
            before = len(acts)
            check(eventually(lambda: len(acts) >= before + 2), acts)
            stop.set()
            worker.join()
            equal(server.receipt(acts[-1]).status, 200)
            server.stop()
            archive_all(c)
            c.kill()
            fetch = {"restore_command": f"'cp {archive}/%f %p'", "recovery_target_action": "'promote'", "archive_mode": "off"}
            whole.copy_from(base)
            whole.recover("recovery.signal", fetch)
            base.recover("recovery.signal", {**fetch, "recovery_target_time": f"'{moment}'"})
            for one in (base, whole):
                check(eventually(lambda one=one: one.sql("SELECT pg_is_in_recovery()") == "f"), "it stays in recovery")
            done = civis("restore", "--from", backup, "--data", restored, "--nothing-newer", "--store", whole.url("civis_gate", "moving"), status=2)
            check("older than the register's: it signed " in done.stderr and
                  f". Bring the register's database back to the backup's moment, recovery_target_time = {moment}, or say" in done.stderr, done.stderr)
            said = civis("restore", "--from", backup, "--data", restored, "--nothing-newer", "--store", base.url("civis_gate", "moving")).stdout
            check("it can be written" in said, said)
            said = civis("check", "--deep", "--data", restored).stdout
            check(said.endswith("\nsound\n"), said)
            kept = int(re.search(r"(\d+) acts", said)[1])
            check(2 <= kept < len(acts), (kept, len(acts)))
            server = Server(restored).start()
            equal([server.officer("registrar").get(f"/api/v1/acts/{act}").status for act in acts[:kept]], [200] * kept)
            equal(server.receipt(server.register(900)["act_id"]).status, 200)
            server.stop()


@test
def a_standby_has_all_that_was_acknowledged():
    with primary({"synchronous_standby_names": "''"}) as c, data_folder() as data, postgresql.place() as standby:
        standby.copy_of(c).recover("standby.signal", {"primary_conninfo": f"'host={c.socket} user=postgres application_name=second'"})
        check(eventually(lambda: c.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1"))
        c.sql("ALTER SYSTEM SET synchronous_standby_names = 'second'")
        c.sql("SELECT pg_reload_conf()")
        server = Server(data).start()
        declared, stop = [], threading.Event()

        def declare(first):
            client = Client(server.url, timeout=60)
            for seed in range(first, first + 4000, 4):
                while not stop.is_set():
                    with contextlib.suppress(OSError):
                        answer = client.declare(new_birth(server, seed), key=f"standby-{seed}")
                        if answer.status == 201:
                            declared.append(answer.json()["tracking_code"])
                            break
                    time.sleep(0.1)

        threads = [threading.Thread(target=declare, args=(first,)) for first in range(1, 5)]
        for t in threads:
            t.start()
        check(eventually(lambda: len(declared) >= 8), declared)
        # Without the standby nothing is acknowledged, and what is there can be read.
        code = declared[0]
        with standby.hanging():
            time.sleep(1)
            before = len(declared)
            equal(Client(server.url, timeout=40).get("/en/").status, 200)
            time.sleep(3)
            check(len(declared) <= before + 1, "acknowledged, though on one server alone")
        check(eventually(lambda: len(declared) >= before + 8), (before, len(declared)))
        c.kill()
        stop.set()
        for t in threads:
            t.join()
        server.stop()
        name = database(data)
        move_to(data, standby)
        # Before it is promoted nothing is taken in, and it is said why.
        done = civis("check", "--data", data, status=2)
        check("is a standby" in done.stderr and "promote it" in done.stderr, done.stderr)
        server.start(wait=False)
        for process in ("gate", "vault"):
            check(eventually(lambda p=process: re.search(f"civis: {p}: .* is a standby", server.log_text())), process)
        standby.promote()
        standby.sql("ALTER SYSTEM RESET synchronous_standby_names")
        standby.sql("SELECT pg_reload_conf()")
        server.wait_ready()
        kept = standby.sql("SELECT convert_from(val, 'UTF8') FROM claim WHERE kind = 'tracking'", name).split()
        equal(set(declared) - set(kept), set())
        check(code in kept)
        equal(server.receipt(server.register(9000)["act_id"]).status, 200)
        server.stop()
        check("sound" in civis("check", "--data", data).stdout)


run_tests(only=sys.argv[1:])
