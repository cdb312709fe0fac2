# SPDX-License-Identifier: MPL-2.0
"""What the vault keeps goes from its file to a server, with the register's store or without: whole, after whatever broke it off, or
not at all."""
import contextlib
import os
import re
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import postgresql  # noqa: E402
from harness import Server, check, civis, data_folder, equal, run_tests, running, test  # noqa: E402
import lived  # noqa: E402
import moving  # noqa: E402
from moving import held, killed, killed_waiting  # noqa: E402

LOOKS = 20000  # at an invented person, so that one table takes several parts
C = MADE = None  # the server of databases; (folder, what lived.make() made, the looks at its people, who is signed in)


def make(data):
    made = lived.make(data)
    with contextlib.closing(sqlite3.connect(os.path.join(data, "vault", "vault.db"))) as db:
        db.executemany("INSERT INTO look VALUES (zeroblob(16), ?1, ?1, zeroblob(16), 1, 'khm', 1, 1, zeroblob(16))",
                       [(n,) for n in range(1, LOOKS + 1)])
        db.commit()
    with running(data) as s:
        return data, made, looks(s, made[0]), s.signed_in["registrar"]


def copy():
    return moving.copy_of(MADE[0])


def options(data, name, make_it=True):
    if make_it:
        C.sql(f"CREATE DATABASE {name} OWNER civis_vault_owner")
    return ["migrate-store", "--from", data, "--vault-to", C.url("civis_vault", name), "--vault-owner", C.url("civis_vault_owner", name)]


def kept(data, what="SELECT count(*) FROM look"):
    """A number from the file."""
    with contextlib.closing(sqlite3.connect(os.path.join(data, "vault", "vault.db"))) as db:
        return db.execute(what).fetchone()[0]


def insert_look(n):
    """Into the database: one of those that make() put into the file."""
    return ("INSERT INTO look SELECT none, {0}, {0}, none, 1, 'khm', 1, 1, none FROM (VALUES (decode(repeat('00', 16), 'hex'))) v(none)"
            .format(n))


def digests(said):
    found = moving.digests(said, "the vault's ")
    check({"look", "person_key", "kek", "staff", "session", "act_chain", "document", "signed_log", "account_log"} <= set(found), found)
    return found


def in_file(data):
    """Nothing was moved: the vault's folder names no server, and a vault finds all in its file."""
    check(not os.path.exists(os.path.join(data, "vault", "store")), "the folder names a server")
    check("sound" in civis("check", "--data", data, "--deep").stdout)


def looks(s, people):
    return [s.officer("registrar").get(f"/api/v1/people/{person}/looks").json()["looks"] for person in people]


def on_server(data, name, store=None):
    """The vault works there: people sign in, acts are opened and sealed, looks are shown and recorded."""
    for room, role, database in (("vault", "civis_vault", name), ("gate", "civis_gate", store)):
        if database:
            with open(os.path.join(data, room, "store"), encoding="utf-8") as f:
                equal(f.read(), C.url(role, database) + "\n")
    before = int(C.sql("SELECT count(*) FROM look", name))
    s = Server(data).start()
    s.signed_in["registrar"] = MADE[3]  # from before the move; the others sign in anew
    equal([now[:len(then)] for now, then in zip(looks(s, MADE[1][0]), MADE[2])], MADE[2])
    lived.same(s, MADE[1])
    more = s.register(40)
    equal(s.receipt(more["act_id"]).status, 200)
    equal(s.officer("registrar").get(f"/api/v1/acts/{more['act_id']}/certificate.pdf").status, 200)
    civis("log", "verify", s.url)
    s.stop()
    check("sound" in civis("check", "--data", data, "--deep").stdout)
    check(int(C.sql("SELECT count(*) FROM look", name)) > before, "no look was recorded")


UNBROKEN = {}


@test
def what_the_vault_keeps_is_moved_whole():
    with copy() as data:
        had = kept(data)
        done = civis(*options(data, "whole"))
        UNBROKEN.update(digests(done.stderr))
        equal(done.stdout.splitlines()[0], "civis: the vault's store is on the server, and the same as in the files")
        equal((UNBROKEN["look"].split(",")[0], int(C.sql("SELECT count(*) FROM look", "whole"))), (str(had), had))
        check(not os.path.exists(os.path.join(data, "gate", "store")), "the register was moved, too")
        done = civis(*options(data, "whole", False))
        check("the vault's store is on the server already" in done.stdout, done.stdout)
        # Its role may add looks and change none, after the move as before.
        equal(C.sql("SELECT has_table_privilege('civis_vault', 'look', 'UPDATE'), has_table_privilege('civis_vault', 'look', 'DELETE')",
                    "whole"), "f|f")
        on_server(data, "whole")
        # The old file is there, and nothing takes it for the vault, wherever it is put.
        os.rename(os.path.join(data, "vault", "store"), os.path.join(data, "vault", "away"))
        for command in (["staff", "list"], ["trust", "export"], ["serve", "--listen", "127.0.0.1:0", "--development"], ["migrate"],
                        ["backup", "--to", os.path.join(os.path.dirname(data), "backup")]):
            done = civis(*command, "--data", data, status=2)
            check(re.search(r"vault.db: These files were moved to a server on \d{4}-\d\d-\d\d and are not the vault any more", done.stderr),
                  (command, done.stderr))
        equal(kept(data), had)


@test
def both_stores_are_moved_by_one_command():
    with copy() as data:
        C.sql("CREATE DATABASE two OWNER civis_owner")
        args = [*options(data, "two_vault"), "--to", C.url("civis_gate", "two"), "--owner", C.url("civis_owner", "two")]
        # Killed between the two: the register is on the server, the vault in its file, and either order goes on.
        killed(args, "copied the vault's look")
        check(os.path.exists(os.path.join(data, "gate", "store")), "the register was not moved")
        in_file(data)
        done = civis(*args)
        equal(done.stdout.splitlines(), ["civis: the register's store is on the server already",
                                         "civis: the vault's store is on the server, and the same as in the files",
                                         "civis: the way on is to serve it:", f"civis:   civis serve --data {data}"])
        equal(digests(done.stderr), UNBROKEN)
        on_server(data, "two_vault", "two")


@test
def one_that_was_killed_at_any_moment_goes_on():
    def moved():
        return int(C.sql("SELECT count(*) FROM look", "broken"))
    with copy() as data:
        args = options(data, "broken")
        for table in ("meta", "staff"):
            killed(args, f"copied the vault's {table}")
            equal(moved(), 0)
            in_file(data)
        killed_waiting(args, C, insert_look(LOOKS - 5000), "broken")
        check(0 < moved() < LOOKS, moved())  # broken within the table, too
        in_file(data)
        for words in ("copied the vault's document", "compared the vault's meta", f"compared the vault's {list(UNBROKEN)[-2]}"):
            killed(args, words)
            check(moved() > LOOKS, moved())
            in_file(data)
        equal(digests(civis(*args).stderr), UNBROKEN)  # each record is there once, as after a move that nothing disturbed
        # What is left by one that was killed when the address was written, and the file not marked.
        mark = "SELECT count(*) FROM meta WHERE name = 'moved'"
        equal(kept(data, mark), 1)
        with contextlib.closing(sqlite3.connect(os.path.join(data, "vault", "vault.db"))) as db:
            db.execute("DELETE FROM meta WHERE name = 'moved'")
            db.commit()
        for _ in range(2):
            check("the vault's store is on the server already" in civis(*args).stdout)
            equal(kept(data, mark), 1)
        on_server(data, "broken")


@test
def one_that_lost_its_server_goes_on():
    with copy() as data:
        args = options(data, "lost")
        civis("migrate", "--vault-store", C.url("civis_vault", "lost"), "--vault-store-owner", C.url("civis_vault_owner", "lost"))
        with held(args, C, insert_look(LOOKS), "lost") as move:
            C.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost' AND usename = 'civis_vault'")
            equal(move.end(), 2, move.lines)
        check("civis migrate-store:" in move.lines[-1], move.lines)
        check(not os.path.exists(os.path.join(data, "vault", "store")), "the folder names a server")
        equal(digests(civis(*args).stderr), UNBROKEN)


@test
def what_cannot_be_is_refused_before_anything_is_changed():
    def refused(words, *args):
        done = civis(*args, status=2)
        equal((done.stderr.count("\n"), words in done.stderr), (1, True), (words, done.stderr))
    with copy() as data:
        args, vault, owner = options(data, "used"), C.url("civis_vault", "used"), C.url("civis_vault_owner", "used")
        refused("The vault's schema is older than this program; its owner runs `civis migrate`", *args[:5])
        civis("migrate", "--vault-store", vault, "--vault-store-owner", owner)
        C.sql(insert_look(1), "used", "civis_vault_owner")
        refused("There is something in this database already (table look), and not of this move: a vault is moved into an empty one", *args)
        equal(C.sql("SELECT count(*) FROM meta", "used"), "0")
        # A vault's database that is not fit keeps the register where it is.
        C.sql("CREATE DATABASE fit OWNER civis_owner")
        both = ["--to", C.url("civis_gate", "fit"), "--owner", C.url("civis_owner", "fit")]
        refused("There is something in this database already (table look)", *args, *both)
        equal(C.sql("SELECT count(*) FROM meta", "fit"), "0")
        refused("must not connect as the owner of its tables", *args[:3], "--vault-to", owner, "--vault-owner", owner, *both)
        refused("--vault-to is the address of a database", *args[:3], "--vault-to", "vault.db", *both)
        refused("through a Unix socket", *args[:3], "--vault-to", "postgresql://civis_vault@localhost/x", *both)
        refused('database "nowhere" does not exist', *args[:3], "--vault-to", C.url("civis_vault", "nowhere"), *both)
        refused("may do all that the owner of the tables may", *args[:3], "--vault-to", C.url("postgres", "used"), "--vault-owner", owner, *both)
        refused("of the vault's schema is not one this program knows", *args[:3], "--vault-to", C.url("civis_vault", "fit"),
                "--vault-owner", C.url("civis_owner", "fit"), *both)  # one database for both
        for wrong in (["--vault-owner", owner], ["--owner", owner, "--vault-to", vault], []):
            check("--to is needed" in civis(*args[:3], *wrong, status=2).stderr)
        with copy() as other:
            civis(*options(other, "taken"))
            refused("There is something in this database already", *options(data, "taken", False))
            refused("This vault's store is on a server already, and not on that one", *options(other, "elsewhere"))
        s = Server(data).start()
        refused("The register is running, or another command is at work on it", *options(data, "served"))
        equal(C.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "served"), "0")
        s.stop()
        check(not os.path.exists(os.path.join(data, "gate", "store")), "the register was moved")
        in_file(data)
        with contextlib.closing(sqlite3.connect(os.path.join(data, "vault", "vault.db"))) as db:
            db.execute("UPDATE migration SET checksum = zeroblob(32)")
            db.commit()
        words = "Step 1 of the vault's schema is not one this program knows: it is newer, or was altered"
        refused(words, *options(data, "altered"))
        check(words in civis(*args[:3], *both, status=2).stderr)  # the register's move asks the vault, too
        check(not os.path.exists(os.path.join(data, "gate", "store")), "the register was moved")


@test
def a_record_that_somebody_changed_is_found():
    """At either end, while the move was broken off; or by a register that was served meanwhile."""
    with copy() as data:
        args = options(data, "changed")
        killed(args, "compared the vault's meta")
        one = "person_id = decode(repeat('00', 16), 'hex') AND look_no = 4711"
        for sql, words in ((f"UPDATE look SET role = 2 WHERE {one}", r"look: Record \d+ is another on the server"),
                           (f"DELETE FROM look WHERE {one}", r"look: Record \d+ is another on the server"),
                           (f"UPDATE staff SET active = 0 WHERE name = 'admin'; INSERT INTO look SELECT person_id, 4711, at_us, staff_id, role, "
                            f"scope, purpose, kind, object_id FROM look WHERE {one.replace('4711', '4712')}",
                            r"staff: Record \d+ is another on the server")):
            C.sql(sql, "changed", "civis_vault_owner")
            done = civis(*args, status=1)
            check(re.search(words + r".*Make the database anew and move once more", done.stderr), done.stderr)
            check(not os.path.exists(os.path.join(data, "vault", "store")), "the folder names a server")
        s = Server(data).start()
        s.verify(s.declare(30))
        s.stop()
        done = civis(*args, status=None)
        check(done.returncode in (1, 2) and "Make the database anew and move once more" in done.stderr, done)
        in_file(data)
        C.sql("DROP DATABASE changed")
        civis(*options(data, "changed"))
        check("sound" in civis("check", "--data", data, "--deep").stdout)


def main():
    global C, MADE
    os.environ.pop(postgresql.VARIABLE, None)  # the folders of this program begin in files
    with postgresql.cluster() as cluster, data_folder() as data:
        C, MADE = cluster, make(data)
        run_tests(sys.argv[1:])


main()
