# SPDX-License-Identifier: MPL-2.0
"""From the first schema, the register's and the vault's, to one that is newer than today's, with people's records in it, on both
engines.

The first state is made from the frozen file and filled with the records of a register that was at work; `civis_next` is the
program with invented steps behind today's (meson.build). Run under tests/lib/postgresql.py it looks at a server, else at files.
"""
import contextlib
import glob
import hashlib
import os
import re
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [os.path.join(ROOT, "tests", "lib"), os.path.join(ROOT, "script")]
sys.dont_write_bytecode = True
import gen_sql  # noqa: E402
import postgresql  # noqa: E402
from harness import Server, check, civis, civis_program, data_folder, equal, new_database, new_vault_database, run_tests, test  # noqa: E402
import lived  # noqa: E402
import stored  # noqa: E402

NEXT = os.path.join(os.environ.get("BUILD_ROOT", os.path.join(ROOT, "build-test")), "tests", "upgrade", "civis_next")
SCHEMA = {"gate": "sql", "vault": "sql/vault"}
INVENTED = {"gate": "steps", "vault": "vault/steps"}
STEPS = {room: len(glob.glob(os.path.join(ROOT, SCHEMA[room], "steps", "*.sql")) + glob.glob(os.path.join(HERE, INVENTED[room], "*.sql")))
         for room in SCHEMA}
MORE = {"gate": ("ALTER TABLE cases ADD COLUMN mark", "CREATE TABLE remark", "CREATE INDEX remark_at", "ALTER TABLE upload ADD COLUMN origin"),
        "vault": ("ALTER TABLE staff ADD COLUMN note", "CREATE TABLE leave", "CREATE INDEX look_by")}
EMPTY = {"gate": ("cases WHERE mark IS NULL", "remark", "upload WHERE origin IS NULL"), "vault": ("staff WHERE note IS NULL", "leave")}
UP_TO_DATE = "-- the schema is up to date\n"


def schema(room):
    with open(os.path.join(ROOT, SCHEMA[room], "schema.sql"), encoding="utf-8") as f:
        tables, _, changes = gen_sql.generate(f.read(), [])
    return [t for t in tables.values() if t.name not in gen_sql.UNCOPIED], changes[0]


@contextlib.contextmanager
def program(path):
    """What runs meanwhile is that one."""
    before = civis_program()
    os.environ["CIVIS"] = path
    try:
        yield
    finally:
        os.environ["CIVIS"] = before


def columns(table):
    return ", ".join(name for name, *_ in table.columns)


def kept(data):
    """All that the vault's first schema has room for."""
    return {t.name: stored.rows(data, f"SELECT {columns(t)} FROM {t.name} ORDER BY {', '.join(t.key)}", room="vault")
            for t in schema("vault")[0]}


def back_in_files(data):
    """The folder's files as the first schemas made them, with all records that these have room for."""
    for room, base, text in ((room, *file) for room in SCHEMA for file in schema(room)[1].files):
        now = os.path.join(data, room, "vault.db" if room == "vault" else base + ".db")
        then, owner = now + ".then", os.stat(now)
        with contextlib.closing(sqlite3.connect(then)) as db:
            db.executescript(text)
            db.execute("ATTACH ?1 AS now", (now,))
            for t in schema(room)[0]:
                if t.database == base:
                    db.execute(f"INSERT INTO main.{t.name} ({columns(t)}) SELECT {columns(t)} FROM now.{t.name}")
            db.execute(f"INSERT INTO main.{'migration' if base == 'main' else 'blob_migration'} VALUES (1, ?1, 0)",
                       (hashlib.sha256(text.encode()).digest(),))
            db.commit()
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(now + end)
        os.rename(then, now)
        os.chown(now, owner.st_uid, owner.st_gid)
        os.chmod(now, owner.st_mode & 0o777)


def back_on_server(data):
    """The same of the databases, under names of their own; their addresses are the folder's. The options of `civis migrate`."""
    options = []
    for room, new_one, role in (("gate", new_database, "civis_gate"), ("vault", new_vault_database, "civis_vault")):
        c, (tables, first), owner, now = postgresql.running(), schema(room), stored.OWNER[room], stored.database(data, room)
        then = now + "_then"
        new = new_one(then)
        c.sql("; ".join(text.rstrip(";") for text, sharded in first.server if not sharded), then, owner)
        rows = ", ".join(f"({n}, decode('{hashlib.sha256(text.encode()).hexdigest()}', 'hex'), 0)"
                         for n, (text, _) in enumerate(first.server, 1))
        c.sql(f"INSERT INTO migration VALUES {rows}", then, owner)
        c.sql(f"GRANT SELECT ON migration TO {role}", then, owner)  # whoever starts looks there before all else
        psql = [os.path.join(postgresql.programs(), "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        for t in tables:
            out = subprocess.run([*psql, "-d", c.url(owner, now), "-c", f"COPY {t.name} ({columns(t)}) TO STDOUT"],
                                 capture_output=True, check=True).stdout
            subprocess.run([*psql, "-d", c.url(owner, then), "-c", f"COPY {t.name} ({columns(t)}) FROM STDIN"], input=out, check=True)
        with open(os.path.join(data, room, "store"), "w", encoding="utf-8") as f:
            f.write(new[1] + "\n")
        options += new
    return options


def at_once(*args):
    """Two at the same moment; both succeed."""
    both = [subprocess.Popen([NEXT, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    for one in both:
        said = one.communicate(timeout=120)[0]
        equal((one.returncode, said), (0, "civis: the schema is up to date\n"))


def plans(data):
    """What `civis migrate --plan` says of either store."""
    gate, vault = civis("migrate", "--data", data, "--plan").stdout.removeprefix("-- the register's store\n").split("-- the vault's store\n")
    return {"gate": gate, "vault": vault}


def refused(words, command, *args):
    done = civis(command, *args, status=2)
    equal((done.stderr.count("\n"), words in done.stderr), (1, True), done.stderr)


def upgraded(data, made, options, look, run=None):
    """Tells the plan, goes on, twice at once, and serves what was there. look(room, sql): a number from the store; run(room, sql): as
    the owner of the tables, on a server. How many steps either store takes."""
    today, before = plans(data), kept(data)
    with program(NEXT):
        plan = plans(data)
        for room, words in MORE.items():
            check(plan[room].startswith(today[room]) or today[room] == UP_TO_DATE, (today, plan))
            equal([plan[room].count(word) for word in words], [1] * len(words), plan)
            check(not re.search(r"CREATE TABLE (act|look) \(|DROP", plan[room]), plan)
        steps = {room: plan[room].count("-- step ") for room in plan}
        if options:  # on a server nobody but its owner changes a table
            refused("The register's schema is older than this program; its owner runs `civis migrate`", "check", "--data", data)
            refused("The vault's schema is older than this program; its owner runs `civis migrate`", "staff", "list", "--data", data)
            for room in plan:  # what a migration leaves that was killed behind its first step
                number, text = re.search(r"-- step (\d+)\n(.*?;)\n", plan[room], re.S).groups()
                run(room, f"{text} INSERT INTO migration VALUES ({number}, decode('{hashlib.sha256(text.encode()).hexdigest()}', 'hex'), 0)")
                equal(plans(data)[room].count("-- step "), steps[room] - 1)
        at_once("migrate", *(options or ["--data", data]))
        equal(plans(data), {"gate": UP_TO_DATE, "vault": UP_TO_DATE})
        equal(kept(data), before)
        for room, tables in EMPTY.items():
            for table in tables:
                equal(look(room, f"SELECT count(*) FROM {table}"),
                      look(room, f"SELECT count(*) FROM {table.split()[0]}") if " " in table else 0)
        check(before["look"] and before["act_chain"] and before["document"], "the vault kept nothing")
        s = Server(data).start()
        lived.same(s, made)
        more = s.register(50)
        equal(s.receipt(more["act_id"]).status, 200)
        civis("log", "verify", s.url)
        s.stop()
        check("sound" in civis("check", "--data", data, "--deep").stdout)
    # Who still runs the older program is told.
    refused("of the register's schema is not one this program knows: it is newer", "check", "--data", data)
    refused("of the vault's schema is not one this program knows: it is newer", "staff", "list", "--data", data)
    return steps


def in_files(data, room, sql):
    table = re.search(r"FROM (\w+)", sql)[1]
    with contextlib.closing(sqlite3.connect(os.path.join(data, room, "blob.db" if table == "upload" else stored.FILE[room]))) as db:
        return db.execute(sql).fetchone()[0]


@test
def files_go_on_from_the_first_schema():
    with data_folder() as data:
        made = lived.make(data)
        back_in_files(data)
        equal(upgraded(data, made, None, lambda room, sql: in_files(data, room, sql)), STEPS)
        # The first state, and all but the one of the attachments.
        equal([in_files(data, room, "SELECT count(*) FROM migration") for room in STEPS], [STEPS["gate"], 1 + STEPS["vault"]])


@test
def files_go_on_as_they_are_served():
    with data_folder() as data:
        made = lived.make(data)
        back_in_files(data)
        with program(NEXT):
            s = Server(data).start()
            lived.same(s, made)
            s.stop()
            equal(plans(data), {"gate": UP_TO_DATE, "vault": UP_TO_DATE})


@test
def a_server_goes_on_from_the_first_schema():
    with data_folder() as data:
        made = lived.make(data)
        c, new = postgresql.running(), back_on_server(data)
        name = {room: stored.database(data, room) for room in STEPS}
        steps = upgraded(data, made, new, lambda room, sql: int(c.sql(sql, name[room])),
                         lambda room, sql: c.sql(sql, name[room], stored.OWNER[room]))
        for room, count in steps.items():
            equal(c.sql("SELECT count(*), max(version) FROM migration", name[room]), "|".join([str(count + len(schema(room)[1].server))] * 2))
        # What is new is given to the program's role, and no more than that.
        for room, role, table in (("gate", "civis_gate", "remark"), ("vault", "civis_vault", "leave")):
            equal(c.sql(f"SELECT has_table_privilege('{role}', '{table}', 'INSERT'), has_table_privilege('{role}', '{table}', 'DELETE')",
                        name[room]), "t|f")


@test
def a_step_that_was_altered_is_refused():
    for room, whose, command in (("vault", "vault", ["staff", "list"]), ("gate", "register", ["check"])):
        words = f"Step 1 of the {whose}'s schema is not one this program knows: it is newer, or was altered"
        with data_folder() as data:
            stored.change(data, ("UPDATE migration SET checksum = ?1 WHERE version = 1", bytes(32)), room=room)
            with program(NEXT):
                refused(words, *command, "--data", data)
            refused(words, *command, "--data", data)
            refused(words, "migrate", "--data", data)
            # Who serves hears it, too, and ends.
            done = civis("serve", "--data", data, "--listen", "127.0.0.1:0", "--development", status=2)
            check(words in done.stderr, done.stderr)


def main():
    os.environ.setdefault("CIVIS", civis_program())
    run_tests({"a_step_that_was_altered_is_refused"} | (
        {"a_server_goes_on_from_the_first_schema"} if postgresql.on() else
        {"files_go_on_from_the_first_schema", "files_go_on_as_they_are_served"}))


main()
