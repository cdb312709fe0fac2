# SPDX-License-Identifier: MPL-2.0
"""A register that began in files goes on a server: whole, after whatever broke it off, or not at all."""
import contextlib
import os
import re
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import postgresql  # noqa: E402
from harness import Server, check, civis, data_folder, equal, run_tests, test  # noqa: E402
import lived  # noqa: E402
import moving  # noqa: E402
from moving import held, killed, killed_waiting  # noqa: E402

REQUESTS = 12000  # old keys of requests, so that one table takes several parts
C = MADE = None  # the server of databases; (folder, what lived.make() made)


def make(data):
    made = lived.make(data)
    with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "main.db"))) as db:
        db.executemany("INSERT INTO request VALUES ('family:OLD', ?1, zeroblob(32), 0, 201, zeroblob(16), zeroblob(16), 1, 'x', ?2)",
                       [(f"old-{n:06}", bytes(n % 50)) for n in range(REQUESTS)])
        db.commit()
    return data, made


def copy():
    return moving.copy_of(MADE[0])


def options(data, name, make_it=True):
    if make_it:
        C.sql(f"CREATE DATABASE {name} OWNER civis_owner")
    return ["migrate-store", "--from", data, "--to", C.url("civis_gate", name), "--owner", C.url("civis_owner", name)]


def insert_request(n):
    """Into the database: one of those that make() put into the files."""
    return ("INSERT INTO request VALUES ('family:OLD', 'old-{0:06}', decode(repeat('00', 32), 'hex'), 0, 201, "
            "decode(repeat('00', 16), 'hex'), decode(repeat('00', 16), 'hex'), 1, 'x', decode(repeat('00', {1}), 'hex'))".format(n, n % 50))


def digests(said):
    found = moving.digests(said)
    check({"act", "cases", "attachment", "piece", "leaf", "document"} <= set(found), found)
    return found


def in_files(data):
    """Nothing was moved: the folder names no server, and its own files are sound."""
    check(not os.path.exists(os.path.join(data, "gate", "store")), "the folder names a server")
    check("sound" in civis("check", "--data", data).stdout)


def on_server(data, name):
    """The register serves from there, and tells what it told."""
    with open(os.path.join(data, "gate", "store"), encoding="utf-8") as f:
        equal(f.read(), C.url("civis_gate", name) + "\n")
    s = Server(data).start()
    lived.same(s, MADE[1])
    more = s.register(40)
    equal(s.receipt(more["act_id"]).status, 200)
    civis("log", "verify", s.url)
    s.stop()
    check("sound" in civis("check", "--data", data, "--deep").stdout)
    equal(int(C.sql("SELECT count(*) FROM act", name)), len(MADE[1][1]) + 1)


UNBROKEN = {}


@test
def a_register_is_moved_whole():
    with copy() as data:
        done = civis(*options(data, "whole"))
        UNBROKEN.update(digests(done.stderr))
        check("is on the server, and the same as in the files" in done.stdout, done.stdout)
        equal(UNBROKEN["request"].split(",")[0], str(REQUESTS + int(C.sql("SELECT count(*) FROM request WHERE at > 0", "whole"))))
        done = civis(*options(data, "whole", False))
        check("is on the server already" in done.stdout, done.stdout)
        on_server(data, "whole")
        # The old files are there, and nothing takes them for the register, wherever they are put.
        store = os.path.join(data, "gate", "store")
        os.rename(store, store + ".away")
        for command in ("check", "serve", "migrate"):
            done = civis(command, "--data", data, *(["--listen", "127.0.0.1:0"] if command == "serve" else []), status=2)
            check("These files were moved to a server" in done.stderr, done.stderr)
        with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "main.db"))) as db:
            equal(db.execute("SELECT count(*) FROM act").fetchone()[0], len(MADE[1][1]))


@test
def one_that_was_killed_at_any_moment_goes_on():
    def requests():
        return int(C.sql("SELECT count(*) FROM request", "broken"))
    with copy() as data:
        args = options(data, "broken")
        for table in ("meta", "cases", "entry"):
            killed(args, f"copied {table}")
            equal(requests(), 0)
            in_files(data)
        killed_waiting(args, C, insert_request(REQUESTS - 3000), "broken")
        check(0 < requests() < REQUESTS, requests())  # broken within the table, too
        in_files(data)
        for words in ("copied piece", "compared meta", "compared request", f"compared {list(UNBROKEN)[-2]}"):
            said = killed(args, words)
            check(requests() > REQUESTS, requests())
            in_files(data)
        equal(digests(said), UNBROKEN)  # each record is there once, as after a move that nothing disturbed
        check("on the server, and the same" in civis(*args).stdout)
        # What is left by one that was killed when the address was written, and the files not marked.
        with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "main.db"))) as db:
            equal(db.execute("DELETE FROM meta WHERE key = 'moved'").rowcount, 1)
            db.commit()
        for _ in range(2):
            check("on the server already" in civis(*args).stdout)
        on_server(data, "broken")


@test
def one_that_lost_its_server_goes_on():
    with copy() as data:
        args = options(data, "lost")
        civis("migrate", "--store", C.url("civis_gate", "lost"), "--store-owner", C.url("civis_owner", "lost"))
        with held(args, C, insert_request(0), "lost") as move:
            C.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost' AND usename = 'civis_gate'")
            equal(move.end(), 2, move.lines)
        check("civis migrate-store:" in move.lines[-1], move.lines)
        in_files(data)
        equal(digests(civis(*args).stderr), UNBROKEN)


@test
def what_cannot_be_is_refused_before_anything_is_changed():
    with copy() as data:
        args = options(data, "used")
        civis("migrate", "--store", C.url("civis_gate", "used"), "--store-owner", C.url("civis_owner", "used"))
        C.sql("INSERT INTO office VALUES ('khm', '', 'ministry', 'x', 'x', '', 1)", "used", "civis_owner")
        done = civis(*args, status=2)
        check("There is something in this database already (table office)" in done.stderr, done.stderr)
        equal(C.sql("SELECT count(*) FROM meta", "used"), "0")
        # Another register's move is no more welcome.
        with copy() as other:
            civis(*options(other, "taken"))
            done = civis(*options(data, "taken", False), status=2)
            check("There is something in this database already" in done.stderr, done.stderr)
            done = civis(*options(other, "elsewhere"), status=2)
            check("on a server already, and not on that one" in done.stderr, done.stderr)
            done = civis("migrate-store", "--from", MADE[0], "--to", C.url("civis_gate", "elsewhere"), status=2)
            check("its owner runs `civis migrate`" in done.stderr, done.stderr)
        for url, words in (("sqlite:x", "--to is the address of a database"), ("postgresql://civis_gate@localhost/x", "Unix socket"),
                           (C.url("civis_gate", "nowhere"), 'database "nowhere" does not exist')):
            done = civis("migrate-store", "--from", data, "--to", url, status=2)
            check(words in done.stderr, done.stderr)
        done = civis("migrate-store", "--from", data, "--to", C.url("civis_owner", "elsewhere"), "--owner",
                     C.url("civis_owner", "elsewhere"), status=2)
        check("must not connect as the owner" in done.stderr, done.stderr)
        s = Server(data).start()
        done = civis(*options(data, "served"), status=2)
        check("The register is running" in done.stderr, done.stderr)
        equal(C.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "served"), "0")
        s.stop()
        in_files(data)


@test
def nothing_else_is_at_work_on_the_files_meanwhile():
    with copy() as data:
        args = options(data, "alone")
        civis("migrate", "--store", C.url("civis_gate", "alone"), "--store-owner", C.url("civis_owner", "alone"))
        with held(args, C, insert_request(0), "alone") as move:
            done = civis("check", "--data", data, status=None)
            check(done.returncode != 0 and "sound" not in done.stdout, done)
            done = civis(*args, status=2)
            check("another command is at work on it" in done.stderr, done.stderr)
        equal(move.end(), 0, move.lines)


@test
def a_record_that_somebody_changed_is_found():
    """At either end, while the move was broken off; or in the files, before it began."""
    compared = "compared meta"
    with copy() as data:
        args = options(data, "changed")
        killed(args, compared)
        state = C.sql("SELECT state FROM cases ORDER BY person_id, case_id LIMIT 1", "changed")
        first = "(person_id, case_id) = (SELECT person_id, case_id FROM cases ORDER BY person_id, case_id LIMIT 1)"
        for sql, words in (
                (f"UPDATE cases SET state = 'rejected' WHERE {first}", r"cases: Record 1 is another on the server"),
                (f"UPDATE cases SET state = '{state}' WHERE {first}; DELETE FROM request WHERE key = 'old-000100'",
                 r"request: Record \d+ is another on the server"),
                ("INSERT INTO request SELECT principal, 'old-000100', body_hash, at, status, person_id, resource, version, state, '' "
                 "FROM request WHERE key = 'old-000101'; INSERT INTO meta VALUES ('zz', 'x')", r"meta: Record \d+ is on the server alone")):
            C.sql(sql, "changed", "civis_owner")
            done = civis(*args, status=1)
            check(re.search(words + r".*Make the database anew", done.stderr), done.stderr)
            in_files(data)
    with copy() as data:
        args = options(data, "served_between")
        killed(args, compared)
        s = Server(data).start()
        s.verify(s.declare(30))
        s.stop()
        done = civis(*args, status=None)
        check(done.returncode in (1, 2) and "Make the database anew and move once more" in done.stderr, done)
        in_files(data)
        C.sql("DROP DATABASE served_between")
        civis(*options(data, "served_between"))
    for sql, words in (("UPDATE act SET commitment = zeroblob(32) WHERE seq = 1 AND person_id = (SELECT min(person_id) FROM act)", "act"),
                       ("UPDATE act SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB) WHERE seq = 1 AND person_id = "
                        "(SELECT min(person_id) FROM act)", "The vault cannot open"),
                       ("UPDATE leaf SET commitment = zeroblob(32) WHERE place = 2", "do not give the head's root"),
                       ("UPDATE log_head SET size = size - 1", "Epoch 1")):
        with copy() as data:
            with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "main.db"))) as db:
                db.execute(sql)
                db.commit()
            name = f"manipulated_{abs(hash(sql))}"
            done = civis(*options(data, name), status=1)
            check(words in done.stdout + done.stderr and "problems found" in done.stderr, (sql, done.stdout, done.stderr))
            check(not os.path.exists(os.path.join(data, "gate", "store")), "the folder names a server")


def main():
    global C, MADE
    os.environ.pop(postgresql.VARIABLE, None)  # the folders of this program begin in files
    with postgresql.cluster() as cluster, data_folder() as data:
        C, MADE = cluster, make(data)
        run_tests(sys.argv[1:])


main()
