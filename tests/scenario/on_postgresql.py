# SPDX-License-Identifier: MPL-2.0
"""A register on PostgreSQL: its address, its schema, what its role may do, and a server that goes away.

That everything else is as with files is shown by the stories, which run on both.
"""
import contextlib
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import postgresql  # noqa: E402
from stored import database, rows  # noqa: E402
from harness import (Client, Server, check, civis, civis_program, data_folder, equal, eventually, new_case, new_database,  # noqa: E402
                     new_vault_database, run_tests_on_server, server, test)


def options(c, database):
    return ["--store", c.url("civis_gate", database), "--store-owner", c.url("civis_owner", database)]


def vault_options(c, database):
    return ["--vault-store", c.url("civis_vault", database), "--vault-store-owner", c.url("civis_vault_owner", database)]


def refused(words, *args):
    """`civis init` ends with status 2 and one sentence with these words, and leaves no folder."""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        done = civis("init", "--country", "khm", "--data", data, *args, status=2)
        check(words in done.stderr, (words, done.stderr))
        equal(done.stderr.count("\n"), 1, done.stderr)
        check(not os.path.exists(data), "something was made")


def tables(database):
    return int(postgresql.running().sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database))


@test
def an_address_that_cannot_be_used_is_refused_in_one_sentence():
    c = postgresql.running()
    refused("through a Unix socket", "--store", "postgresql://civis_gate@localhost/x")
    refused("through a Unix socket", "--store", f"postgresql://civis_gate@/x?host={c.socket}&hostaddr=127.0.0.1")
    refused("must name user and database", "--store", f"postgresql:///x?host={c.socket}")
    refused("The address of a database is", "--store", "sqlite:x")
    refused("cannot be read", "--store", f"postgresql://civis_gate@/x?host={c.socket}&hurry=yes")
    refused('database "nowhere" does not exist', "--store", c.url("civis_gate", "nowhere"))
    refused('role "nobody_here" does not exist', "--store", c.url("nobody_here", "postgres"))
    refused("must not connect as the owner", "--store", c.url("civis_owner", "postgres"), "--store-owner", c.url("civis_owner", "postgres"))
    refused("through a Unix socket", "--vault-store", "postgresql://civis_vault@localhost/x")
    refused("The address of a database is", "--vault-store", "vault.db")
    refused('database "nowhere" does not exist', "--vault-store", c.url("civis_vault", "nowhere"))
    refused("The vault must not connect as the owner", "--vault-store", c.url("civis_vault_owner", "postgres"),
            "--vault-store-owner", c.url("civis_vault_owner", "postgres"))
    refused("The vault's schema is older than this program", "--vault-store", c.url("civis_vault", "postgres"))
    refused("The database cannot be reached", "--store", "postgresql://civis_gate@/x?host=/nonexistent")
    # Two addresses of one database, and a role that is there, before any table is made.
    new, other = new_database("of_two"), new_database("of_two_other")
    for command in (["migrate"], ["init", "--country", "khm", "--data", "/nonexistent/data"]):
        done = civis(*command, new[0], new[1], other[2], other[3], status=2)
        check("name two databases, of_two and of_two_other" in done.stderr, done.stderr)
        done = civis(*command, new[0], new[1].replace("civis_gate", "nobody_here"), *new[2:], status=2)
        check('There is no role "nobody_here"' in done.stderr, done.stderr)
    equal([tables(name) for name in ("of_two", "of_two_other")], [0, 0])


@test
def a_server_or_database_that_is_not_fit_is_refused():
    c = postgresql.running()
    c.sql("CREATE DATABASE latin OWNER civis_owner ENCODING 'LATIN1' TEMPLATE template0")
    refused("does not keep UTF-8", *options(c, "latin"))
    c.sql("CREATE DATABASE bare OWNER civis_owner")
    refused("The register's schema is older than this program", "--store", c.url("civis_gate", "bare"))
    c.sql("CREATE DATABASE theirs OWNER postgres")
    refused("permission denied", *options(c, "theirs"))
    c.sql("CREATE ROLE mighty LOGIN SUPERUSER")
    c.sql("CREATE DATABASE guarded OWNER civis_owner")
    refused("may do all that the owner", "--store", c.url("mighty", "guarded"), "--store-owner", c.url("civis_owner", "guarded"))
    new = new_database("future")
    civis("migrate", *new)
    c.sql("INSERT INTO migration VALUES (9999, decode(repeat('00', 32), 'hex'), 0)", "future", "civis_owner")
    refused("not one this program knows", *new)
    with postgresql.cluster({"fsync": "off"}) as careless:
        careless.sql("CREATE DATABASE x OWNER civis_owner")
        refused("may lose what it committed", *options(careless, "x"))


@test
def a_database_holds_one_register():
    with tempfile.TemporaryDirectory() as folder:
        new = new_database("single")
        civis("init", "--country", "khm", "--data", os.path.join(folder, "one"), *new)
        refused("a register in this database already", *new)
        vaults = new_vault_database("single_vault")
        civis("init", "--country", "khm", "--data", os.path.join(folder, "two"), *vaults)
        refused("There is a vault in this database already", *vaults)
        # All is looked at first: what could be used stays as it was.
        for taken, free in ((new, new_vault_database("free_vault")), (vaults, new_database("free"))):
            refused("in this database already", *taken, *free)
            refused("in this database already", *taken[:2], *free)
        equal((tables("free"), tables("free_vault")), (0, 0))
        # One database for both: the second finds the tables of the first.
        both = new_database("for_both")
        refused("not one this program knows", *both, "--vault-store", both[1].replace("civis_gate", "civis_vault"),
                "--vault-store-owner", both[3])
        # Each other's.
        def swapped(url, role):
            return re.sub(r"//\w+@", f"//{role}@", url)
        refused("databases are mixed up", "--vault-store", swapped(new[1], "civis_vault"), "--vault-store-owner", new[3])
        refused("databases are mixed up", "--store", swapped(vaults[1], "civis_gate"), "--store-owner", vaults[3])


@test
def a_register_that_could_not_be_made_can_be_made_again():
    c = postgresql.running()
    with tempfile.TemporaryDirectory() as folder:
        data, new, vaults = os.path.join(folder, "data"), new_database("again"), new_vault_database("again_vault")
        civis("migrate", *new)
        # Found by no look beforehand.
        c.sql("ALTER TABLE place ADD CONSTRAINT nothing CHECK (false)", "again", "civis_owner")
        done = civis("init", "--country", "khm", "--data", data, *new[:2], *vaults, status=None)
        check(done.returncode != 0 and "make the databases anew" in done.stderr, done.stderr)
        check(not os.path.exists(data), "something is left")
        c.sql("DROP DATABASE again")
        c.sql("DROP DATABASE again_vault")
        civis("init", "--country", "khm", "--data", data, *new_database("again"), *new_vault_database("again_vault"))


@test
def what_a_migration_would_run_is_told_and_two_at_once_run_it_once():
    c, new = postgresql.running(), new_database("stepwise")
    plan = civis("migrate", *new, "--plan").stdout
    steps = [int(n) for n in re.findall(r"^-- step (\d+)", plan, re.M)]
    equal(steps, list(range(1, len(steps) + 1)))
    check("CREATE TABLE act (" in plan and "create_distributed_table('act', 'person_id')" in plan, plan[:400])
    equal(c.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "stepwise"), "0")
    both = [subprocess.Popen([civis_program(), "migrate", *new], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(2)]
    for one in both:
        said = one.communicate(timeout=120)[0]
        equal(one.returncode, 0, said)
    equal(c.sql("SELECT count(*), max(version) FROM migration", "stepwise"), f"{len(steps)}|{len(steps)}")
    equal(civis("migrate", *new, "--plan").stdout, "-- the register's store\n-- the schema is up to date\n")


@test
def a_database_that_stays_open_to_every_role_is_told():
    c = postgresql.running()
    for room, role in (("", "civis_gate"), ("vault-", "civis_vault")):
        owner, name = "civis_owner" if not room else "civis_vault_owner", f"{room}of_another".replace("-", "_")
        c.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        c.sql(f"GRANT CREATE ON SCHEMA public TO {owner}", name)
        migrate = ["migrate", f"--{room}store", c.url(role, name), f"--{room}store-owner", c.url(owner, name)]
        said = civis(*migrate).stderr
        check(said.startswith("civis: warning: every role of this server may connect") and said.count("\n") == 1, said)
        # As postgres, who owns the database.
        for statement in re.search("REVOKE.*", said)[0].split("; "):
            c.sql(statement)
        equal(civis(*migrate).stderr, "")
        c.sql("SELECT 1", name, role)


def denied(c, statement, database, role):
    try:
        c.sql(statement, database, role)
    except subprocess.CalledProcessError as why:
        check(re.search("permission denied|must be (owner|superuser)", why.stderr), (statement, why.stderr))
    else:
        check(False, f"it was allowed: {statement}")


@test
def the_registers_role_can_do_what_the_register_does_and_nothing_else():
    c = postgresql.running()
    civis("migrate", *new_database("rights"))
    person = "decode(repeat('01', 16), 'hex')"
    for statement in (
            "UPDATE act SET commitment = commitment", "UPDATE act SET sealed = ''", "DELETE FROM act", "TRUNCATE act",
            "UPDATE leaf SET commitment = commitment", "DELETE FROM leaf", "UPDATE entry SET serial = 1", "DELETE FROM entry",
            "UPDATE transition SET name = ''", "DELETE FROM transition", "DELETE FROM cases", "DELETE FROM case_content",
            "UPDATE case_version SET version = 1", "DELETE FROM case_version", f"UPDATE cases SET person_id = {person}",
            "UPDATE claim SET val = ''", "DELETE FROM claim", "UPDATE book SET book = 1", "DELETE FROM book", "DELETE FROM counter",
            "UPDATE document SET copy_no = 1", "DELETE FROM document", "DELETE FROM attachment", "DELETE FROM checkpoint",
            "UPDATE checkpoint SET note = ''", "DELETE FROM log_head", "DELETE FROM feed", "UPDATE feed SET sealed = ''",
            "DELETE FROM office", "DELETE FROM place", "UPDATE migration SET version = 1", "DELETE FROM migration",
            "INSERT INTO migration VALUES (9999, '', 0)", "DELETE FROM meta", "DROP TABLE act", "ALTER TABLE act ADD COLUMN x text",
            "CREATE TABLE mine (x text)", "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET ROLE civis_owner", "COPY act TO PROGRAM 'true'", "CREATE ROLE other"):
        denied(c, statement, "rights", "civis_gate")
    # A migration gives no more, and takes back what somebody gave by hand.
    c.sql("GRANT DELETE ON act TO civis_gate; GRANT SELECT ON act TO PUBLIC", "rights", "civis_owner")
    civis("migrate", *options(c, "rights"))
    equal(c.sql("SELECT has_table_privilege('civis_gate', 'act', 'DELETE')", "rights"), "f")


@test
def the_vaults_role_adds_looks_and_changes_none():
    c = postgresql.running()
    civis("migrate", *new_vault_database("secrets"))
    for statement in (
            "UPDATE look SET staff_id = staff_id", "UPDATE look SET at_us = 0", "DELETE FROM look", "TRUNCATE look",
            "UPDATE account_log SET event = event", "DELETE FROM account_log", "TRUNCATE account_log",
            "DELETE FROM quota", "DELETE FROM fuse", "DELETE FROM staff", "UPDATE staff SET role = 1", "UPDATE staff SET scope = 'khm'",
            "DELETE FROM kek", "UPDATE kek SET wrapped = ''", "DELETE FROM person_key", "UPDATE person_key SET wrapped = ''",
            "DELETE FROM signing_key", "UPDATE signing_key SET wrapped = ''", "DELETE FROM number", "UPDATE number SET person_id = person_id",
            "DELETE FROM act_chain", "UPDATE act_chain SET commitment = commitment", "DELETE FROM document", "UPDATE document SET list = 1",
            "DELETE FROM signed_log", "UPDATE session SET staff_id = staff_id", "UPDATE claim SET act_id = act_id", "UPDATE meta SET val = ''",
            "DELETE FROM meta", "UPDATE migration SET version = 1", "INSERT INTO migration VALUES (9999, '', 0)", "DROP TABLE look",
            "ALTER TABLE look ADD COLUMN x text", "CREATE TABLE mine (x text)", "CREATE TEMPORARY TABLE mine (x text)",
            "SET ROLE civis_vault_owner", "CREATE ROLE other"):
        denied(c, statement, "secrets", "civis_vault")
    # Each has a way into its own alone.
    civis("migrate", *new_database("own"))
    for role, database in (("civis_gate", "secrets"), ("civis_owner", "secrets"), ("civis_vault", "own")):
        denied(c, "SELECT 1", database, role)
    c.sql("GRANT CONNECT ON DATABASE secrets TO civis_gate", "secrets", "civis_vault_owner")
    denied(c, "SELECT * FROM staff", "secrets", "civis_gate")
    # A migration takes back what somebody gave by hand.
    c.sql("GRANT DELETE ON look TO civis_vault", "secrets", "civis_vault_owner")
    civis("migrate", *vault_options(c, "secrets"))
    denied(c, "DELETE FROM look", "secrets", "civis_vault")
    equal(civis("migrate", *vault_options(c, "secrets"), "--plan").stdout, "-- the vault's store\n-- the schema is up to date\n")


def point(data, room, url):
    """Another address is written into the file, in place."""
    with open(os.path.join(data, room, "store"), "r+", encoding="utf-8") as f:
        f.truncate(f.write(url + "\n"))


def not_served(words, data):
    """`civis serve` ends with status 2, and the sentence is among what it says."""
    done = subprocess.run([civis_program(), "serve", "--data", data, "--listen", "127.0.0.1:0", "--development"], check=False,
                          capture_output=True, text=True, timeout=60)
    equal(done.returncode, 2, done.stderr)
    check(words in done.stderr, (words, done.stderr))


@test
def who_may_do_more_than_the_register_is_not_served():
    c = postgresql.running()
    c.sql("CREATE ROLE climber LOGIN INHERIT IN ROLE civis_owner; CREATE ROLE vault_climber LOGIN NOINHERIT IN ROLE civis_vault_owner")
    with data_folder() as data:
        own = {room: database(data, room) for room in ("gate", "vault")}
        c.sql("GRANT SELECT ON migration TO vault_climber", own["vault"], "civis_vault_owner")
        for room, roles in (("gate", ("civis_owner", "postgres", "climber")), ("vault", ("civis_vault_owner", "postgres", "vault_climber"))):
            for role in roles:
                point(data, room, c.url(role, own[room]))
                not_served(f"The role {role} may do all that the owner of the tables may", data)
                done = civis(*(("check",) if room == "gate" else ("staff", "list")), "--data", data, status=2)
                check(f"The role {role} may do all" in done.stderr, done.stderr)
            point(data, room, c.url("civis_" + room, own[room]))
        check("sound" in civis("check", "--data", data).stdout, "with its own role it is not sound")
        # A right too many, to the role, to everybody, or to a group that it is in.
        for room, right, table, whose in (("gate", "UPDATE", "act", "civis_gate"), ("gate", "DELETE", "leaf", "PUBLIC"),
                                          ("gate", "UPDATE (serial)", "entry", "civis_gate"), ("gate", "TRUNCATE", "cases", "civis_gate"),
                                          ("vault", "UPDATE", "look", "civis_vault"), ("vault", "TRIGGER", "look", "PUBLIC")):
            owner = "civis_owner" if room == "gate" else "civis_vault_owner"
            c.sql(f"GRANT {right} ON {table} TO {whose}", own[room], owner)
            not_served(f"The role civis_{room} has the right {right.split()[0]} on the table {table}, which the program does not need", data)
            c.sql(f"REVOKE {right} ON {table} FROM {whose}", own[room], owner)
        # One that must say SET ROLE first may do it all the same.
        c.sql("CREATE ROLE writer LOGIN IN ROLE civis_gate, pg_write_all_data; CREATE ROLE late_writer LOGIN NOINHERIT IN ROLE pg_write_all_data")
        for role in ("writer", "late_writer"):
            point(data, "gate", c.url(role, own["gate"]))
            c.sql(f"GRANT SELECT ON migration TO {role}", own["gate"], "civis_owner")
            not_served(f"The role {role} has the right DELETE on the table act, which the program does not need", data)
        point(data, "gate", c.url("civis_gate", own["gate"]))
        check("sound" in civis("check", "--data", data).stdout, "with its own rights it is not sound")


@test
def a_right_that_is_missing_is_named_at_the_start():
    c = postgresql.running()
    with data_folder() as data:
        for room, options_of, taken in (
                ("gate", options, (("SELECT", "leaf"), ("INSERT", "cases"), ("UPDATE (place)", "leaf"), ("DELETE", "upload"))),
                ("vault", vault_options, (("SELECT", "staff"), ("INSERT", "look"), ("UPDATE (pass)", "staff")))):
            name, owner = database(data, room), "civis_owner" if room == "gate" else "civis_vault_owner"
            for right, table in taken:
                c.sql(f"REVOKE {right} ON {table} FROM civis_{room}", name, owner)
                not_served(f"The role civis_{room} lacks the right {right.split()[0]} on the table {table}: run `civis migrate`", data)
                civis("migrate", *options_of(c, name))
        check("sound" in civis("check", "--data", data).stdout, "migrate has not mended it")


@test
def a_right_that_goes_missing_is_named_in_the_events():
    c = postgresql.running()
    with server() as s:
        name, vaults = database(s.data), database(s.data, "vault")

        def named(event, where):
            return any(one.get("event") == event and where in one.get("why", "")
                       for one in (json.loads(line) for line in s.log_text().splitlines() if line.startswith("{")))

        act = s.register()["act_id"]
        equal(s.receipt(act).status, 200)
        c.sql("REVOKE INSERT ON cases FROM civis_gate", name, "civis_owner")
        equal(s.family().declare(new_case(s.country.office, s.country.birth(2), s.country.language)).status, 500)
        check(named("request_failed", "42501: permission denied for table cases"), s.log_tail())
        c.sql("REVOKE SELECT ON leaf FROM civis_gate", name, "civis_owner")
        check(eventually(lambda: named("sequencer_step_failed", "42501: permission denied for table leaf"), 20), s.log_tail())
        c.sql("GRANT SELECT ON leaf TO civis_gate", name, "civis_owner")
        c.sql("REVOKE INSERT ON look FROM civis_vault", vaults, "civis_vault_owner")
        equal(s.officer("registrar").get(f"/api/v1/acts/{act}").status, 500)
        check(named("vault_request_failed", "42501: permission denied for table look"), s.log_tail())
        check("\"why\":\"\"" not in s.log_text(), "a sentence is empty")


@test
def one_wrong_line_leads_to_no_other_register():
    c = postgresql.running()
    with server() as s, tempfile.TemporaryDirectory() as folder:
        data, backup, restored = (os.path.join(folder, name) for name in ("data", "backup", "restored"))
        os.chmod(folder, 0o711)
        civis("init", "--country", "khm", "--data", data, *new_database("wrong_line"), *new_vault_database("wrong_line_vault"))
        s.register()

        def settings(name):
            return c.sql("SELECT key || '=' || value FROM meta ORDER BY key", name)

        def left_alone(words, name):
            before = settings(name)
            point(data, "gate", c.url("civis_gate", name))
            not_served(words, data)
            for command in (("check",), ("office", "list"), ("log", "new-epoch"), ("restore", "--nothing-newer"),
                            ("backup", "--to", os.path.join(folder, "of_" + name))):
                done = civis(command[0], *command[1:2 if command[0] in ("office", "log") else 1], "--data", data,
                             *command[2 if command[0] in ("office", "log") else 1:], status=2)
                # These look first whether somebody is at work there.
                busy = command[0] in ("log", "restore") and "A register is at work" in done.stderr
                check(words in done.stderr or busy, (command, done.stderr))
            equal(settings(name), before)

        # Of one that is at work, which goes on.
        left_alone("This database is another register's", database(s.data))
        s.register(2)
        # Of nobody: tables alone, of which a register can still be made.
        nobody = new_database("nobodys")
        civis("migrate", *nobody)
        left_alone("There is no register in this database", "nobodys")
        civis("init", "--country", "khm", "--data", os.path.join(folder, "later"), *nobody[:2])
        # A backup is not brought back into another register's database.
        civis("backup", "--data", s.data, "--to", backup)
        done = civis("restore", "--from", backup, "--data", restored, "--nothing-newer", "--store", c.url("civis_gate", "wrong_line"),
                     "--vault-store", c.url("civis_vault", database(s.data, "vault")), status=2)
        check("another register's" in done.stderr, done.stderr)
        # Nor do the accounts of one register come to be another's.
        point(data, "gate", c.url("civis_gate", "wrong_line"))
        civis("migrate", *new_vault_database("nobodys_vault"))
        for name, words in ((database(s.data, "vault"), "This database is another vault's"), ("nobodys_vault", "There is no vault in this database")):
            point(data, "vault", c.url("civis_vault", name))
            accounts = c.sql("SELECT count(*) FROM staff", name)
            not_served(words, data)
            for command in (("staff", "list"), ("trust", "export"), ("staff", "fuse"), ("check", "--deep")):
                done = civis(*command, "--data", data, status=2)
                check(words in done.stderr, (command, done.stderr))
            done = civis("staff", "add", "--data", data, "--name", "astray", "--role", "auditor", "--scope", "khm", "--display-native", "x",
                         "--display-latin", "x", stdin="a long passphrase\n", status=2)
            check(words in done.stderr, done.stderr)
            equal(c.sql("SELECT count(*) FROM staff", name), accounts)
        equal(c.sql("SELECT count(*) FROM meta WHERE key LIKE 'restored%'", "wrong_line"), "0")


@test
def a_folder_with_neither_files_nor_an_address_says_so():
    with data_folder() as data:
        for room, file, command in (("gate", "main.db", ("check",)), ("vault", "vault.db", ("staff", "list"))):
            store = os.path.join(data, room, "store")
            os.rename(store, store + "_")
            sentence = f"{file}: It is not here, and neither is `store`"
            check(sentence in civis(*command, "--data", data, status=2).stderr, "the command does not say it")
            not_served(sentence, data)
            os.rename(store + "_", store)
        check("sound" in civis("check", "--data", data).stdout, "it is not sound")


@test
def nothing_acknowledged_is_lost_when_the_server_is_killed():
    c = postgresql.running()
    with server() as s:
        declared, failed, stop = [], [], threading.Event()

        def declare(seed):
            client = s.family()
            while not stop.is_set():
                seed += 4
                case = new_case(s.country.office, s.country.birth(seed), s.country.language)
                key = f"killed-{seed}"
                while True:  # as a careful client: the same key until there is an answer that counts
                    try:
                        answer = client.declare(case, key=key)
                    except OSError:
                        answer = None
                    if answer is not None and answer.status == 201:
                        declared.append(answer.json()["tracking_code"])
                        break
                    if answer is not None and answer.status not in (500, 503, 429):
                        failed.append(str(answer))
                        return
                    time.sleep(0.1)

        threads = [threading.Thread(target=declare, args=(seed,)) for seed in range(1, 5)]
        for t in threads:
            t.start()
        check(eventually(lambda: len(declared) >= 8), (declared, failed))
        c.kill()
        check(eventually(lambda: Client(s.url, timeout=15).get("/healthz").status == 503), "it says that it is well")
        before = len(declared)
        c.start()
        check(eventually(lambda: len(declared) >= before + 8), (before, len(declared), failed))
        stop.set()
        for t in threads:
            t.join()
        equal(failed, [])
        equal(len(set(declared)), len(declared))
        check(eventually(lambda: Client(s.url, timeout=15).get("/healthz").status == 200), "it does not recover")
        name = database(s.data)
        kept = c.sql("SELECT convert_from(val, 'UTF8') FROM claim WHERE kind = 'tracking'", name).split()
        equal(sorted(kept), sorted(declared))
        equal(int(c.sql("SELECT count(*) FROM cases", name)), len(declared))
        done = civis("check", "--data", s.data)
        check("sound" in done.stdout, done.stdout)


@test
def a_server_that_hangs_is_told_from_one_that_works():
    c = postgresql.running()
    with server() as s:
        case = new_case(s.country.office, s.country.birth(1), s.country.language)
        reference = new_case(s.country.office, s.country.birth(2), s.country.language)
        patient = Client(s.url, timeout=40)
        equal(s.family().declare(reference, key="before").status, 201)
        with c.hanging():
            begun = time.time()
            equal(patient.declare(case, key="meanwhile").status, 503)
            check(time.time() - begun < 30, f"it was kept waiting for {time.time() - begun:.0f} s")
            equal(patient.get("/healthz").status, 503)
            equal(patient.get("/en/").status, 200)
        check(eventually(lambda: patient.get("/healthz").status == 200), "it does not recover")
        answer = patient.declare(case, key="meanwhile")
        equal(answer.status, 201)
        equal(int(c.sql("SELECT count(*) FROM cases", database(s.data))), 2)


@test
def the_first_request_after_a_restart_of_the_server_is_answered():
    c = postgresql.running()
    with server() as s:
        path = f"/api/v1/cases/{s.declare(1)['id']}"
        first, second = (s.officer(name) for name in ("verifier", "verifier2"))
        equal(first.get(path).status, 200)
        c.stop()
        c.start()
        # The second's quota is taken from the server now; the first's lies in the vault's memory.
        for officer in (second, first):
            answer = officer.get(path)
            equal(answer.status, 200, answer)


@test
def a_server_that_comes_back_unfit_is_named_once():
    c = postgresql.running()
    with server() as s:
        client = s.family()
        client.get("/healthz")

        def named():
            return re.findall('"process":"([a-z]+)","event":"store_not_fit","why":"([^"]+)"', s.log_text())

        def come_back(fsync):
            c.stop()
            c.set({"fsync": fsync})
            c.start()

        for times in (1, 2):
            come_back("off")
            check(eventually(lambda: len([1 for process, _ in named() if process == "gate"]) == times), s.log_tail())
            end = time.time() + 2
            while time.time() < end:
                equal(client.get("/healthz").status, 503)
                client.declare(new_case(s.country.office, s.country.birth(1), s.country.language))
            come_back("on")
            check(eventually(lambda: client.get("/healthz").status == 200), "it does not recover")
        by_process = [process for process, _ in named()]
        equal(by_process.count("gate"), 2)
        check(by_process.count("vault") <= 2, by_process)
        equal({why for _, why in named()}, {"The server may lose what it committed: fsync and full_page_writes must be on"})


@test
def a_vault_that_waits_for_its_database_says_so_before_its_gate_gives_up():
    c = postgresql.running()
    with server() as s:
        case = s.declare(1)
        path = f"/api/v1/cases/{case['id']}"
        officers = [s.officer(name) for name in ("verifier", "verifier2", "registrar")]

        def looks():
            return rows(s.data, "SELECT count(*) FROM look", room="vault")[0][0]

        before, answers = looks(), []

        def look(client):
            began = time.monotonic()
            answers.append((client.get(path), time.monotonic() - began))

        with c.holding("LOCK TABLE look", database(s.data, "vault")):
            looking = [threading.Thread(target=look, args=[client]) for client in officers]
            for thread in looking:
                thread.start()
            for thread in looking:
                thread.join()
            for answer, seconds in answers:
                equal((answer.status, answer.code), (503, "busy"), answer)
                check("retry-after" in answer.headers, answer.headers)
                check(seconds < 5, seconds)
        # What was refused was not done, and is not done now.
        equal(looks(), before)
        undisturbed = f"/api/v1/cases/{s.declare(2)['id']}"
        for client in officers:
            equal(client.get(path).status, 200)
            equal(client.get(undisturbed).status, 200)
        first, second = rows(s.data, "SELECT count(*) FROM look GROUP BY person_id", room="vault")
        equal(first, second)


@test
def a_backup_goes_with_a_database_that_was_brought_back():
    c = postgresql.running()
    with server() as s, tempfile.TemporaryDirectory() as folder:
        backup, data = os.path.join(folder, "backup"), os.path.join(folder, "data")
        act = s.register()["act_id"]
        equal(s.receipt(act).status, 200)
        check("not in it: its administrator" in civis("backup", "--data", s.data, "--to", backup).stdout, "it does not say what is missing")
        s.stop()
        name = database(s.data)
        new_database("brought_back", name)
        new_vault_database("vault_back", database(s.data, "vault"))
        done = civis("restore", "--from", backup, "--data", data, "--nothing-newer", status=2)
        check("name it with --store" in done.stderr, done.stderr)
        back = ["--store", c.url("civis_gate", "brought_back")]
        done = civis("restore", "--from", backup, "--data", data, "--nothing-newer", *back, status=2)
        check("name it with --vault-store" in done.stderr, done.stderr)
        civis("restore", "--from", backup, "--data", data, "--nothing-newer", *back, "--vault-store", c.url("civis_vault", "vault_back"))
        equal(database(data), "brought_back")
        equal(database(data, "vault"), "vault_back")
        check("sound" in civis("check", "--data", data).stdout, "it is not sound")
        # What is at work knows nothing of it.
        equal(c.sql("SELECT count(*) FROM meta WHERE key = 'restored'", name), "0")
        equal(c.sql("SELECT count(*) FROM meta WHERE key = 'restored'", "brought_back"), "1")


def lead_elsewhere(data, what, to, room="gate"):
    path = os.path.join(data, room, "store")
    with open(path, encoding="utf-8") as f:
        line = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(what, to, line))


@contextlib.contextmanager
def only_on_its_server(c):
    """Who connects as civis_gate must be the gate's user of this machine."""
    with open(os.path.join(c.data, "pg_hba.conf"), "r+", encoding="utf-8") as f:
        before = f.read()
        f.seek(0)
        f.write("local all civis_gate peer map=gate\n" + before)
    with open(os.path.join(c.data, "pg_ident.conf"), "a", encoding="utf-8") as f:
        f.write("gate civis-gate civis_gate\n")
    c.sql("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with open(os.path.join(c.data, "pg_hba.conf"), "w", encoding="utf-8") as f:
            f.write(before)
        c.sql("SELECT pg_reload_conf()")


def has_users():
    return os.geteuid() == 0 and any(e.pw_name == "civis-gate" for e in pwd.getpwall())


@test
def a_backup_connects_as_the_gates_user_and_tells_its_moment():
    c = postgresql.running()
    with server() as s, tempfile.TemporaryDirectory() as folder, only_on_its_server(c) if has_users() else contextlib.nullcontext():
        backup = os.path.join(folder, "backup")
        equal(s.receipt(s.register()["act_id"]).status, 200)
        said = civis("backup", "--data", s.data, "--to", backup).stdout.splitlines()
        moment = re.fullmatch(r"civis: its moment is (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00)", said[-1])
        check(moment, said)
        with open(os.path.join(backup, "MANIFEST"), encoding="utf-8") as f:
            equal(f.readline(), f"# {moment[1]}\n")
        equal({os.stat(os.path.join(at, name)).st_uid for at, folders, files in os.walk(backup) for name in folders + files}, {os.geteuid()})
        subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "MANIFEST"], cwd=backup, check=True)
        # PostgreSQL can be told so.
        c.sql(f"SELECT '{moment[1]}'::timestamptz")


@test
def a_backup_that_fails_leaves_nothing():
    with data_folder() as data, tempfile.TemporaryDirectory() as folder:
        lead_elsewhere(data, r"host=\S+", "host=/nonexistent")
        new, there = os.path.join(folder, "new"), os.path.join(folder, "there")
        os.mkdir(there)
        for to in (new, there, new):
            done = civis("backup", "--data", data, "--to", to, status=2)
            check("The database cannot be reached" in done.stderr, done.stderr)
        equal((os.listdir(folder), os.listdir(there)), (["there"], []))


def both_copied(data, name):
    """The databases as they are, under other names; the register is stopped."""
    c = postgresql.running()
    new_database(name, database(data))
    new_vault_database(name + "_vault", database(data, "vault"))
    return ["--store", c.url("civis_gate", name), "--vault-store", c.url("civis_vault", name + "_vault")]


@test
def databases_brought_to_their_end_go_with_an_older_backup():
    c = postgresql.running()
    with server() as s, tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        backup, newest = os.path.join(folder, "backup"), os.path.join(folder, "checkpoint")
        acts = [s.register(1)["act_id"]]
        equal(s.receipt(acts[0]).status, 200)
        civis("backup", "--data", s.data, "--to", backup)
        s.stop()
        old = both_copied(s.data, "older")
        s.start()
        acts.append(s.register(2)["act_id"])
        equal(s.receipt(acts[1]).status, 200)
        with open(newest, "wb") as f:
            f.write(Client(s.url).get("/log/checkpoint").body)
        # One that was declared and no more: the log does not know it.
        s.stop()
        between = both_copied(s.data, "between")
        s.start()
        s.declare(4)
        s.stop()
        end, data = both_copied(s.data, "at_end"), os.path.join(folder, "data")
        done = civis("restore", "--from", backup, "--data", data, "--checkpoint", newest, *end[:2], *between[2:], status=2)
        check("older than the register's: people whose keys it lacks: 1. Bring the vault's" in done.stderr, done.stderr)
        civis("restore", "--from", backup, "--data", data, "--checkpoint", newest, *between, status=0)
        shutil.rmtree(data)
        # What the vault does not remember having signed, it has no keys of either.
        done = civis("restore", "--from", backup, "--data", data, "--checkpoint", newest, *end[:2], *old[2:], status=2)
        check("older than the register's: it signed 1 entries" in done.stderr and "Bring the vault's store back to its end, or say" in done.stderr, done.stderr)
        equal(c.sql("SELECT count(*) FROM meta WHERE key = 'restored'", "at_end"), "0")
        said = civis("restore", "--from", backup, "--data", data, "--checkpoint", newest, *end).stdout
        check("ends at entry 2 of the log" in said and "it can be written" in said, said)
        # Its log is the backup's, which is behind; or none at all: it can be made from the database.
        check("sound" in civis("check", "--data", data).stdout)
        shutil.move(os.path.join(data, "gate", "log"), os.path.join(folder, "log"))
        check("sound" in civis("check", "--deep", "--data", data).stdout)
        moved = Server(data).start()
        equal([moved.receipt(act).status for act in (*acts, moved.register(3)["act_id"])], [200] * 3)
        moved.stop()
        # But what the database has no leaf of is missing, wherever it is told.
        c.sql("UPDATE leaf SET commitment = decode(repeat('00', 32), 'hex') WHERE place = 1", "at_end", "civis_owner")
        shutil.rmtree(os.path.join(data, "gate", "log"))
        said = civis("check", "--data", data, status=1).stdout
        check("do not give the tree of the newest checkpoint" in said, said)


@test
def a_vaults_database_that_is_older_stops_every_gate_until_the_right_one_is_back():
    c = postgresql.running()
    with server(gates=2) as s:
        right = database(s.data, "vault")
        equal(s.receipt(s.register(1)["act_id"]).status, 200)
        s.stop()
        new_vault_database("too_old", right)
        s.start()
        equal(s.receipt(s.register(2)["act_id"]).status, 200)
        s.stop()

        def served_with(vault):
            point(s.data, "vault", c.url("civis_vault", vault))
            s.start()
            return [s.at(gate) for gate in range(2)]

        gates = served_with("too_old")
        check(eventually(lambda: all(gate.family().get("/healthz").json()["read_only"] for gate in gates)), s.log_tail())
        s.stop()
        equal(c.sql("SELECT count(*) FROM meta WHERE key = 'read_only' AND value = '1'", database(s.data)), "0")
        gates = served_with(right)
        equal([gate.receipt(gate.register(3 + n)["act_id"]).status for n, gate in enumerate(gates)], [200, 200])
        s.stop()
        # A register that needs no new epoch is left as it was.
        done = civis("log", "new-epoch", "--data", s.data, status=1)
        check("there is no need for a new epoch" in done.stderr, done.stderr)
        equal(c.sql("SELECT count(*), count(holder) FROM log_head", database(s.data)), "1|0")
        # With no other vault to be had.
        point(s.data, "vault", c.url("civis_vault", "too_old"))
        civis("log", "new-epoch", "--data", s.data)
        gates = served_with("too_old")
        equal([gate.receipt(gate.register(5 + n)["act_id"]).status for n, gate in enumerate(gates)], [200, 200])


@test
def a_database_at_which_a_register_is_at_work_is_not_restored_onto_nor_its_log_closed():
    c = postgresql.running()
    with server() as s, tempfile.TemporaryDirectory() as folder:
        backup, data = os.path.join(folder, "backup"), os.path.join(folder, "data")
        equal(s.receipt(s.register()["act_id"]).status, 200)
        name, vault = database(s.data), database(s.data, "vault")
        civis("backup", "--data", s.data, "--to", backup)
        live = ["--store", c.url("civis_gate", name), "--vault-store", c.url("civis_vault", vault)]
        done = civis("restore", "--from", backup, "--data", data, "--nothing-newer", *live, status=2)
        check("A register is at work on this database" in done.stderr, done.stderr)
        equal(c.sql("SELECT count(*) FROM meta WHERE key LIKE 'restored%'", name), "0")
        equal(s.family().get("/healthz").json()["read_only"], False)
        # Nor, where nothing is written and no sign of life is left in the log's head.
        c.sql("INSERT INTO meta VALUES ('read_only', '1') ON CONFLICT (key) DO UPDATE SET value = '1'", name, "civis_owner")
        check(eventually(lambda: s.family().get("/healthz").json()["read_only"]))
        done = civis("log", "new-epoch", "--data", s.data, status=2)
        check("A register is at work on this database" in done.stderr, done.stderr)
        s.stop()
        civis("log", "new-epoch", "--data", s.data)
        s.start()
        equal(s.receipt(s.register(2)["act_id"]).status, 200)


@test
def a_database_that_was_brought_back_is_sound_in_its_new_epoch():
    with server() as s, tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        backup, newest, data = (os.path.join(folder, name) for name in ("backup", "checkpoint", "data"))
        equal(s.receipt(s.register(1)["act_id"]).status, 200)
        s.stop()
        civis("backup", "--data", s.data, "--to", backup)
        both_copied(s.data, "back")
        s.start()
        equal(s.receipt(s.register(2)["act_id"]).status, 200)
        s.stop()
        lead_elsewhere(s.data, r"/\w+\?", "/back?")
        s.start()
        check(eventually(lambda: s.family().get("/healthz").json()["read_only"]))
        s.stop()
        said = civis("check", "--data", s.data, status=1).stdout
        check("The store is behind the published checkpoint" in said, said)
        civis("log", "new-epoch", "--data", s.data)
        s.start()
        equal(s.receipt(s.register(3)["act_id"]).status, 200)
        with open(newest, "wb") as f:
            f.write(Client(s.url).get("/log/checkpoint").body)
        s.stop()
        # A backup of the first epoch goes with databases that are in the second.
        said = civis("restore", "--from", backup, "--data", data, "--checkpoint", newest, *both_copied(s.data, "second")).stdout
        check("it can be written" in said, said)
        check(civis("check", "--deep", "--data", data).stdout.endswith("\nsound\n"))
        moved = Server(data).start()
        equal(moved.receipt(moved.register(4)["act_id"]).status, 200)
        moved.stop()
        check(civis("check", "--deep", "--data", data).stdout.endswith("\nsound\n"))
        said = civis("check", "--deep", "--data", s.data).stdout
        check("\n1 published entries of closed epochs are lost, and known to be\n" in said and said.endswith("\nsound\n"), said)
        # Unless what the next epoch commits to does not tell so.
        postgresql.running().sql("DELETE FROM checkpoint WHERE epoch = 1 AND size = 2", "back", "civis_owner")
        said = civis("check", "--data", s.data, status=1).stdout
        check("the next one does not commit to it" in said, said)


run_tests_on_server()
