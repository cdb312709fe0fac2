# SPDX-License-Identifier: MPL-2.0
"""From the first schema to one that is newer than today's, with people's records in it, on both engines.

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
from harness import Server, check, civis, civis_program, data_folder, equal, new_database, run_tests, test  # noqa: E402
import lived  # noqa: E402

NEXT = os.path.join(os.environ.get("BUILD_ROOT", os.path.join(ROOT, "build-test")), "tests", "upgrade", "civis_next")
STEPS = [os.path.basename(path) for path in sorted(glob.glob(os.path.join(ROOT, "sql", "steps", "*.sql")) +
                                                   glob.glob(os.path.join(HERE, "steps", "*.sql")))]


def schema():
    with open(os.path.join(ROOT, "sql", "schema.sql"), encoding="utf-8") as f:
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


def back_in_files(data):
    """The folder's files as the first schema made them, with all records that it has room for."""
    tables, first = schema()
    for base, text in first.files:
        now = os.path.join(data, "gate", base + ".db")
        then, owner = now + ".then", os.stat(now)
        with contextlib.closing(sqlite3.connect(then)) as db:
            db.executescript(text)
            db.execute("ATTACH ?1 AS now", (now,))
            for t in tables:
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
    """The same of a database, under a name of its own; its address is the folder's."""
    c, (tables, first) = postgresql.running(), schema()
    address = os.path.join(data, "gate", "store")
    with open(address, encoding="utf-8") as f:
        now = re.search(r"/([a-z0-9_]+)\?", f.read())[1]
    then = now + "_then"
    new = new_database(then)
    c.sql("; ".join(text.rstrip(";") for text, sharded in first.server if not sharded), then, "civis_owner")
    rows = ", ".join(f"({n}, decode('{hashlib.sha256(text.encode()).hexdigest()}', 'hex'), 0)"
                     for n, (text, _) in enumerate(first.server, 1))
    c.sql(f"INSERT INTO migration VALUES {rows}", then, "civis_owner")
    c.sql("GRANT SELECT ON migration TO civis_gate", then, "civis_owner")  # the register looks there before all else
    psql = [os.path.join(postgresql.programs(), "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    for t in tables:
        out = subprocess.run([*psql, "-d", c.url("civis_owner", now), "-c", f"COPY {t.name} ({columns(t)}) TO STDOUT"],
                             capture_output=True, check=True).stdout
        subprocess.run([*psql, "-d", c.url("civis_owner", then), "-c", f"COPY {t.name} ({columns(t)}) FROM STDIN"], input=out, check=True)
    with open(address, "w", encoding="utf-8") as f:
        f.write(new[1] + "\n")
    return new


def at_once(*args):
    """Two at the same moment; both succeed."""
    both = [subprocess.Popen([NEXT, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    for one in both:
        said = one.communicate(timeout=120)[0]
        equal((one.returncode, said), (0, "civis: the schema is up to date\n"))


def upgraded(data, made, options, look, run=None):
    """Tells the plan, goes on, twice at once, and serves what was there. look(sql): a number from the store; run(sql): as the
    owner of the tables, on a server."""
    today = civis("migrate", "--data", data, "--plan").stdout
    with program(NEXT):
        plan = civis("migrate", "--data", data, "--plan").stdout
        check(plan.startswith(today) or "is up to date" in today, (today, plan))
        for words in ("ALTER TABLE cases ADD COLUMN mark", "CREATE TABLE remark", "CREATE INDEX remark_at", "ALTER TABLE upload ADD COLUMN origin"):
            equal(plan.count(words), 1, plan)
        check("CREATE TABLE act (" not in plan and "DROP" not in plan, plan)
        if options:  # on a server the register itself changes no table
            done = civis("serve", "--data", data, "--listen", "127.0.0.1:0", "--development", status=2)
            check("The schema is older than this program" in done.stderr, done.stderr)
        steps = plan.count("-- step ")
        if run:  # what a migration leaves that was killed behind its first step
            number, text = re.match(r"-- step (\d+)\n(.*?;)\n", plan, re.S).groups()
            run(f"{text} INSERT INTO migration VALUES ({number}, decode('{hashlib.sha256(text.encode()).hexdigest()}', 'hex'), 0)")
            equal(civis("migrate", "--data", data, "--plan").stdout.count("-- step "), steps - 1)
        at_once("migrate", *(options or ["--data", data]))
        equal(civis("migrate", "--data", data, "--plan").stdout, "-- the schema is up to date\n")
        for table in ("cases WHERE mark IS NULL", "remark", "upload WHERE origin IS NULL"):
            equal(look(f"SELECT count(*) FROM {table}"), 0 if table == "remark" else look(f"SELECT count(*) FROM {table.split()[0]}"))
        s = Server(data).start()
        lived.same(s, made)
        more = s.register(50)
        equal(s.receipt(more["act_id"]).status, 200)
        civis("log", "verify", s.url)
        s.stop()
        check("sound" in civis("check", "--data", data, "--deep").stdout)
    # Who still runs the older program is told.
    done = civis("check", "--data", data, status=2)
    check("not one this program knows: it is newer" in done.stderr, done.stderr)
    return steps


def in_files(data, sql):
    table = re.search(r"FROM (\w+)", sql)[1]
    with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "blob.db" if table == "upload" else "main.db"))) as db:
        return db.execute(sql).fetchone()[0]


@test
def files_go_on_from_the_first_schema():
    with data_folder() as data:
        made = lived.make(data)
        back_in_files(data)
        steps = upgraded(data, made, None, lambda sql: in_files(data, sql))
        equal(steps, len(STEPS))
        equal(in_files(data, "SELECT count(*) FROM migration"), steps)  # the first state, and all but the one of the attachments


@test
def files_go_on_as_they_are_served():
    with data_folder() as data:
        made = lived.make(data)
        back_in_files(data)
        with program(NEXT):
            s = Server(data).start()
            lived.same(s, made)
            s.stop()
            equal(civis("migrate", "--data", data, "--plan").stdout, "-- the schema is up to date\n")


@test
def a_server_goes_on_from_the_first_schema():
    with data_folder() as data:
        made = lived.make(data)
        c, new = postgresql.running(), back_on_server(data)
        name = re.search(r"/([a-z0-9_]+)\?", new[1])[1]
        steps = upgraded(data, made, new, lambda sql: int(c.sql(sql, name)), lambda sql: c.sql(sql, name, "civis_owner"))
        equal(c.sql("SELECT count(*), max(version) FROM migration", name), "|".join([str(steps + len(schema()[1].server))] * 2))
        # What is new is given to the register's role, and no more than that.
        equal(c.sql("SELECT has_table_privilege('civis_gate', 'remark', 'INSERT'), "
                    "has_table_privilege('civis_gate', 'remark', 'DELETE')", name), "t|f")


@test
def a_step_that_was_altered_is_refused():
    with data_folder() as data:
        with contextlib.closing(sqlite3.connect(os.path.join(data, "gate", "main.db"))) as db:
            db.execute("UPDATE migration SET checksum = zeroblob(32) WHERE version = 1")
            db.commit()
        with program(NEXT):
            done = civis("migrate", "--data", data, status=2)
        check("or was altered" in done.stderr, done.stderr)


def main():
    os.environ.setdefault("CIVIS", civis_program())
    run_tests({"a_server_goes_on_from_the_first_schema"} if postgresql.on() else
              {"files_go_on_from_the_first_schema", "files_go_on_as_they_are_served", "a_step_that_was_altered_is_refused"})


main()
