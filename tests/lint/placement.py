# SPDX-License-Identifier: MPL-2.0
"""The tables as a server's catalogue knows them, against the rules that a sharded server makes.

script/gen_sql.py holds them while it generates; this looks at what came of it: after `civis migrate` every table, key,
constraint and column must be such that a row's shard is known from its key, and nothing may rest upon one machine. Then
each rule is broken once on purpose, and must be found.
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [os.path.join(ROOT, "tests", "lib"), os.path.join(ROOT, "script")]
sys.dont_write_bytecode = True
import gen_sql  # noqa: E402
import postgresql  # noqa: E402
from harness import check, civis, equal, new_database, new_vault_database, run_tests, test  # noqa: E402

def read(folder, name):
    with open(os.path.join(ROOT, folder, name), encoding="utf-8") as f:
        return f.read()


def generated(folder):
    files = sorted(name for name in os.listdir(os.path.join(ROOT, folder)) if name.endswith(".sql") and name != "schema.sql")
    steps = sorted(os.path.basename(path) for path in glob.glob(os.path.join(ROOT, folder, "steps", "*.sql")))
    return gen_sql.generate(read(folder, "schema.sql"), [(name, read(folder, name)) for name in files],
                            [(name, read(folder, "steps/" + name)) for name in steps])


TABLES, STATEMENTS, CHANGES = generated("sql")
VAULT_TABLES, VAULT_STATEMENTS, VAULT_CHANGES = generated("sql/vault")
STATEMENTS += gen_sql.copying(TABLES, CHANGES)
VAULT_STATEMENTS += gen_sql.copying(VAULT_TABLES, VAULT_CHANGES)


def key_of(name, tables):
    """The column that says on which shard a row lies; None: it lies everywhere, or here alone."""
    table = tables.get(name)
    if table is None or table.placement in ("reference", "local"):
        return None
    return table.key[0] if table.placement == "claim" else gen_sql.LEADING[table.placement]


def rows(c, database, sql):
    return [line.split("|") for line in c.sql(sql, database).splitlines()]


def findings(c, database, tables=None):
    """Sentences; none: the catalogue keeps the rules."""
    out, tables = [], tables or TABLES
    known = {"r": "table", "v": "view", "m": "materialized view", "S": "sequence", "p": "partitioned table", "f": "foreign table"}
    for name, kind in rows(c, database, "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND "
                                        "relkind NOT IN ('i', 'I', 't', 'c') ORDER BY 1"):
        if kind != "r":
            out.append(f"{name}: a {known.get(kind, kind)}")
        elif name not in tables:
            out.append(f"{name}: a table that the schema does not have")
    for table, name, kind, columns, far, far_columns, deferrable in rows(c, database, """
            SELECT t.relname, k.conname, k.contype,
                (SELECT string_agg(a.attname, ',' ORDER BY n.i) FROM unnest(k.conkey) WITH ORDINALITY n(c, i)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.c),
                coalesce(f.relname, ''),
                coalesce((SELECT string_agg(a.attname, ',' ORDER BY n.i) FROM unnest(k.confkey) WITH ORDINALITY n(c, i)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.c), ''), k.condeferrable
            FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
            WHERE t.relnamespace = 'public'::regnamespace ORDER BY 1, 2"""):
        key, columns, far_columns = key_of(table, tables), columns.split(","), far_columns.split(",")
        if name not in [n for n, *_ in tables[table].constraints] + [table + "_shape"] if table in tables else False:
            out.append(f"{name}: the schema does not name this constraint")
        if kind in "pux" and key and key not in columns:
            out.append(f"{name}: unique without {key}")
        if kind == "p" and key and columns[0] != key:
            out.append(f"{name}: the primary key does not begin with {key}")
        if kind == "f" and key_of(far, tables) and not (tables[table].placement == tables[far].placement == "owned" and
                                                columns[0] == far_columns[0] == "person_id"):
            out.append(f"{name}: a foreign key to another shard")
        if deferrable == "t":
            out.append(f"{name}: deferrable")
    for table, name, columns in rows(c, database, """
            SELECT t.relname, i.relname, coalesce(string_agg(a.attname, ','), '') FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
            JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (x.indkey)
            WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique GROUP BY 1, 2 ORDER BY 1, 2"""):
        if key_of(table, tables) and key_of(table, tables) not in columns.split(","):
            out.append(f"{name}: a unique index without {key_of(table, tables)}")
    for name, in rows(c, database, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"):
        out.append(f"{name}: a trigger")
    for name, in rows(c, database, "SELECT rulename FROM pg_rewrite r JOIN pg_class t ON t.oid = r.ev_class WHERE "
                                   "t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'"):
        out.append(f"{name}: a rule")
    for name, in rows(c, database, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"):
        out.append(f"{name}: a function of our own")
    for table, column, kind, collation, default, identity in rows(c, database, """
            SELECT t.relname, a.attname, format_type(a.atttypid, NULL), coalesce(l.collname, ''), a.atthasdef, a.attidentity
            FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
            WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"""):
        if kind not in ("bigint", "bytea", "text"):
            out.append(f"{table}.{column}: of type {kind}")
        if kind == "text" and collation != "C":
            out.append(f"{table}.{column}: ordered as {collation}, and not by bytes as on SQLite")
        if default == "t" or identity:
            out.append(f"{table}.{column}: a value that the server makes")
    return out


PLANTED = (
    ("ALTER TABLE act ADD CONSTRAINT act_twice UNIQUE (act_id)", "unique without person_id"),
    ("CREATE UNIQUE INDEX act_once ON act (commitment)", "a unique index without person_id"),
    ("ALTER TABLE statistic DROP CONSTRAINT statistic_pk; "
     "ALTER TABLE statistic ADD CONSTRAINT statistic_pk PRIMARY KEY (act_id, person_id)", "does not begin with person_id"),
    ("ALTER TABLE leaf ADD CONSTRAINT leaf_case FOREIGN KEY (person_id, act_id) REFERENCES cases (person_id, case_id)",
     "a foreign key to another shard"),
    ("ALTER TABLE office ADD CONSTRAINT office_of FOREIGN KEY (scope) REFERENCES meta (key); "
     "ALTER TABLE office_regime ADD FOREIGN KEY (scope) REFERENCES office (scope)", "the schema does not name this constraint"),
    ("ALTER TABLE cases DROP CONSTRAINT cases_office; ALTER TABLE cases ADD CONSTRAINT cases_office FOREIGN KEY (office) "
     "REFERENCES office (scope) DEFERRABLE", "deferrable"),
    ("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
     "CREATE TRIGGER stamped BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION stamp()", "a trigger"),
    ("CREATE RULE silent AS ON DELETE TO act DO INSTEAD NOTHING", "a rule"),
    ("CREATE SEQUENCE numbers", "a sequence"),
    ("CREATE VIEW births AS SELECT * FROM act", "a view"),
    ("CREATE TABLE more (a bigint)", "a table that the schema does not have"),
    ("ALTER TABLE book ALTER COLUMN next_serial SET DEFAULT 1", "a value that the server makes"),
    ("ALTER TABLE act ADD COLUMN at_day timestamptz", "of type timestamp with time zone"),
    ('ALTER TABLE office ALTER COLUMN place TYPE text COLLATE "POSIX"', "ordered as POSIX"),
)


@test
def the_catalogue_keeps_the_rules_of_placement():
    c = postgresql.running()
    civis("migrate", *new_database("placed"))
    equal(findings(c, "placed"), [])
    found = {name for name, in rows(c, "placed", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    equal(found, set(TABLES) - {"blob_migration"})


@test
def each_broken_rule_is_found():
    c = postgresql.running()
    for number, (sql, words) in enumerate(PLANTED):
        name = f"planted_{number}"
        new_database(name, "placed")
        c.sql(sql, name, "civis_owner")
        found = findings(c, name)
        check(any(words in finding for finding in found), (sql, found))
        c.sql(f"DROP DATABASE {name}")


@test
def what_the_vault_keeps_keeps_them_too():
    c = postgresql.running()
    civis("migrate", *new_vault_database("vaulted"))
    equal(findings(c, "vaulted", VAULT_TABLES), [])
    equal({name for name, in rows(c, "vaulted", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}, set(VAULT_TABLES))
    c.sql("ALTER TABLE look ALTER COLUMN at_us SET DEFAULT 1; CREATE SEQUENCE numbers", "vaulted", "civis_vault_owner")
    equal(sorted(findings(c, "vaulted", VAULT_TABLES)), ["look.at_us: a value that the server makes", "numbers: a sequence"])


@test
def the_server_takes_every_statement():
    c, bad = postgresql.running(), []
    for database, role, statements in (("placed", "civis_gate", STATEMENTS), ("vaulted", "civis_vault", VAULT_STATEMENTS)):
        for name, _, sql, *_ in statements:
            # The program says of which type a parameter is; here nothing does, where one is only asked whether it is there.
            text = re.sub(r"\$(\d+) IS NULL", r"$\1::text IS NULL", gen_sql.in_postgresql(sql))
            try:
                c.sql(f"PREPARE p AS {text}", database, role)
            except subprocess.CalledProcessError as why:
                bad.append((name, why.stderr.strip()))
    equal(bad, [])


def main():
    with postgresql.cluster() as c:
        os.environ[postgresql.VARIABLE] = c.socket
        run_tests()


main()
