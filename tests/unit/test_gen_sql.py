#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Feeds script/gen_sql.py planted mistakes: each must be refused, for its own reason."""
import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["SOURCE_ROOT"], "script"))
import gen_sql  # noqa: E402

SCHEMA = """
-- table: reference main
CREATE TABLE office (
	scope text NOT NULL,
	CONSTRAINT office_pk PRIMARY KEY (scope)
);
-- table: owned main
CREATE TABLE thing (
	person_id id NOT NULL,
	thing_id id NOT NULL,
	office text NOT NULL,
	CONSTRAINT thing_pk PRIMARY KEY (person_id, thing_id),
	CONSTRAINT thing_office FOREIGN KEY (office) REFERENCES office (scope)
);
-- table: claim main compact
CREATE TABLE claim (
	val bytes NOT NULL,
	kind text NOT NULL,
	CONSTRAINT claim_pk PRIMARY KEY (val, kind)
);
-- table: claim blob
CREATE TABLE far (
	far_id id NOT NULL,
	CONSTRAINT far_pk PRIMARY KEY (far_id)
);
"""
GOOD = "-- name: thing_get tag: single\nSELECT office FROM thing WHERE person_id = ?1 AND thing_id = ?2;\n" \
       "-- name: thing_copy tag: single\n" \
       "INSERT INTO thing (person_id, thing_id, office) SELECT person_id, ?2, office FROM thing WHERE person_id = ?1;\n"


def table(body, tag="-- table: owned main\n"):
    return SCHEMA + tag + "CREATE TABLE bad (" + body + ");\n"


def statement(tag, sql):
    return f"-- name: bad tag: {tag}\n{sql}\n"


KEYED = "person_id id NOT NULL, bad_id id NOT NULL, CONSTRAINT bad_pk PRIMARY KEY (person_id, bad_id)"
BAD = [
    ("a table without a tag", table(KEYED, ""), GOOD, "needs a tag line"),
    ("an unknown placement", table(KEYED, "-- table: somewhere main\n"), GOOD, "needs a tag line"),
    ("an owned key that does not begin with person_id",
     table("person_id id NOT NULL, bad_id id NOT NULL, CONSTRAINT bad_pk PRIMARY KEY (bad_id, person_id)"), GOOD,
     "must begin with person_id"),
    ("no primary key", table("person_id id NOT NULL"), GOOD, "no PRIMARY KEY"),
    ("an unnamed primary key", table("person_id id NOT NULL, PRIMARY KEY (person_id)"), GOOD, "without a name"),
    ("an inline constraint", table("person_id id NOT NULL PRIMARY KEY"), GOOD, "a column is"),
    ("a constraint named after another table",
     table(KEYED.replace("bad_pk", "pk")), GOOD, "must begin with bad_"),
    ("a UNIQUE without person_id", table(KEYED + ", CONSTRAINT bad_u UNIQUE (bad_id)"), GOOD, "use a claim"),
    ("a foreign key to a claim",
     table(KEYED + ", CONSTRAINT bad_f FOREIGN KEY (bad_id) REFERENCES claim (val)"), GOOD, "same person"),
    ("a foreign key to another person",
     table(KEYED + ", CONSTRAINT bad_f FOREIGN KEY (bad_id, person_id) REFERENCES thing (person_id, thing_id)"), GOOD,
     "must begin with person_id"),
    ("a cascade", table(KEYED + ", CONSTRAINT bad_f FOREIGN KEY (person_id, bad_id) "
                        "REFERENCES thing (person_id, thing_id) ON DELETE CASCADE"), GOOD, "CASCADE"),
    ("a default", table("x int DEFAULT 3, " + KEYED), GOOD, "DEFAULT"),
    ("a type of one engine", table("x jsonb, " + KEYED), GOOD, "a column is"),
    ("AUTOINCREMENT", table("x int AUTOINCREMENT, " + KEYED), GOOD, "AUTOINCREMENT"),
    ("a trigger", SCHEMA + "CREATE TRIGGER t AFTER INSERT ON thing BEGIN SELECT 1; END;\n", GOOD, "trigger"),
    ("a view", SCHEMA + "CREATE VIEW v AS SELECT 1;\n", GOOD, "only CREATE TABLE"),
    ("a partial index", SCHEMA + "CREATE INDEX i ON thing (office) WHERE office > 3;\n", GOOD, "index i"),
    ("a statement without a tag", SCHEMA, GOOD + "-- name: bad\nSELECT 1 FROM thing;\n", "without '-- name"),
    ("an unknown tag", SCHEMA, statement("quick", "SELECT 1 FROM office;"), "unknown tag"),
    ("a single without person_id", SCHEMA, statement("single", "SELECT office FROM thing WHERE thing_id = ?1;"),
     "does not have person_id"),
    ("a single with person_id behind an OR", SCHEMA,
     statement("single", "SELECT office FROM thing WHERE person_id = ?1 OR thing_id = ?2;"), "OR"),
    ("a single update of everybody", SCHEMA, statement("single", "UPDATE thing SET office = ?1;"),
     "does not have person_id"),
    ("a single delete of everybody", SCHEMA, statement("single", "DELETE FROM thing;"), "does not have person_id"),
    ("a single that touches a claim", SCHEMA, statement("single", "SELECT kind FROM claim WHERE val = ?1;"),
     "tag single but table"),
    ("a claim without its value", SCHEMA, statement("claim", "SELECT val FROM claim WHERE kind = ?1;"),
     "does not have val"),
    ("a join of placements", SCHEMA,
     statement("single", "SELECT 1 FROM thing JOIN claim ON val = thing_id WHERE person_id = ?1;"), "tag single but table"),
    ("a copy that begins with another's id", SCHEMA,
     statement("single", "INSERT INTO thing (person_id, thing_id, office) SELECT thing_id, person_id, office FROM thing "
                         "WHERE person_id = ?1;"), "joined tables"),
    ("a copy of everybody", SCHEMA,
     statement("single", "INSERT INTO thing (person_id, thing_id, office) SELECT person_id, ?1, office FROM thing;"),
     "joined tables"),
    ("a join of databases", SCHEMA,
     statement("fanout", "SELECT 1 FROM thing JOIN far ON far_id = thing_id ORDER BY thing_id LIMIT 3;"), "crosses databases"),
    ("a fanout without LIMIT", SCHEMA, statement("fanout", "SELECT office FROM thing ORDER BY office;"), "LIMIT"),
    ("a fanout without order", SCHEMA, statement("fanout", "SELECT office FROM thing LIMIT 3;"), "ORDER BY"),
    ("a fanout that writes", SCHEMA, statement("fanout", "DELETE FROM thing ORDER BY office LIMIT 3;"), "must be a SELECT"),
    ("now()", SCHEMA, statement("single", "UPDATE thing SET office = now() WHERE person_id = ?1;"), "now()"),
    ("random()", SCHEMA, statement("single", "UPDATE thing SET office = random() WHERE person_id = ?1;"), "random()"),
    ("SELECT *", SCHEMA, statement("single", "SELECT * FROM thing WHERE person_id = ?1;"), "SELECT *"),
    ("a gap in the parameters", SCHEMA,
     statement("single", "SELECT office FROM thing WHERE person_id = ?1 AND thing_id = ?3;"), "without gaps"),
    ("a bare parameter", SCHEMA, statement("single", "SELECT office FROM thing WHERE person_id = ?1 AND thing_id = ?;"),
     "without gaps"),
    ("two statements under one name", SCHEMA, GOOD + GOOD, "twice"),
    ("two statements in one", SCHEMA,
     statement("single", "DELETE FROM thing WHERE person_id = ?1; DELETE FROM thing;"), "exactly one statement"),
    ("an unknown table", SCHEMA, statement("single", "SELECT x FROM nothing WHERE person_id = ?1;"), "no known table"),
    ("an unknown column", SCHEMA, statement("single", "SELECT colour FROM thing WHERE person_id = ?1;"), "SQLite refuses"),
]


TABLE = "-- table: owned main\nCREATE TABLE more (person_id id NOT NULL, thing_id id NOT NULL, CONSTRAINT more_pk PRIMARY KEY " \
        "(person_id, thing_id), CONSTRAINT more_thing FOREIGN KEY (person_id, thing_id) REFERENCES thing (person_id, thing_id));\n"
STEPS = [("0002-colour.sql", "-- Why.\nALTER TABLE thing ADD COLUMN colour text;\n"),
         ("0003-twin.sql", "ALTER TABLE thing ADD COLUMN twin id;\n"), ("0004-more.sql", TABLE),
         ("0005-by_colour.sql", "CREATE INDEX thing_colour ON thing (person_id, colour);\n"),
         ("0006-far.sql", "ALTER TABLE far ADD COLUMN n int;\n"), ("0008-no_index.sql", "DROP INDEX thing_colour;\n")]
LATER = "-- name: thing_twin tag: single\nSELECT colour FROM thing WHERE person_id = ?1 AND twin = ?2;\n"
BAD_STEPS = [  # name of the file, text, reason
    ("0002_x.sql", STEPS[0][1], "is named 0002-what.sql"), ("0001-x.sql", STEPS[0][1], "number is above"),
    ("0002-x.sql", STEPS[0][1] + STEPS[1][1], "exactly one statement"), ("0002-x.sql", "SELECT 1", "exactly one statement"),
    ("0002-x.sql", "ALTER TABLE thing ADD COLUMN x text NOT NULL;", "have no x"),
    ("0002-x.sql", "ALTER TABLE thing ADD COLUMN x text DEFAULT 'y';", "DEFAULT"),
    ("0002-x.sql", "ALTER TABLE thing ADD COLUMN x serial;", "not of type serial"),
    ("0002-x.sql", "ALTER TABLE thing ADD COLUMN office text;", "already"),
    ("0002-x.sql", "ALTER TABLE nothing ADD COLUMN x text;", "no table nothing"),
    ("0002-x.sql", "ALTER TABLE thing DROP COLUMN office;", "only CREATE TABLE"),
    ("0002-x.sql", "ALTER TABLE thing RENAME TO other;", "only CREATE TABLE"),
    ("0002-x.sql", "DROP TABLE thing;", "only CREATE TABLE"), ("0002-x.sql", "UPDATE thing SET office = 'x';", "only CREATE TABLE"),
    ("0002-x.sql", "CREATE UNIQUE INDEX i ON thing (office);", "only CREATE TABLE"), ("0002-x.sql", "DROP INDEX i;", "no index i"),
    ("0002-x.sql", TABLE.replace("-- table: owned main\n", ""), "needs a tag line"),
    ("0002-x.sql", TABLE.replace("more", "thing"), "twice"),
    ("0002-x.sql", TABLE.replace("(person_id, thing_id), C", "(thing_id, person_id), C"), "must begin with person_id"),
    ("0002-x.sql", TABLE.replace("REFERENCES thing (person_id, thing_id)", "REFERENCES claim (val, kind)"), "same person"),
]


def refusal(work):
    """Why it is refused; None: it is not."""
    try:
        work()
    except gen_sql.Bad as error:
        return str(error)
    return None


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def steps(point):
    tables, _, changes = gen_sql.generate(SCHEMA, [("good", GOOD + LATER)], STEPS)
    files, server = gen_sql.numbered(changes)
    point([c for c, *_ in tables["thing"].columns][-2:] == ["colour", "twin"] and "more" in tables and not tables["thing"].indexes,
          "steps_change_the_tables", tables)
    first = len(gen_sql.generate(SCHEMA, [])[2][0].server)
    point([re.search(r"{(\d+), SQL_(\w+)", f)[0] for f in files] ==
          [f"{{{n}, SQL_{base}" for n, base in ((1, "MAIN"), (1, "BLOB"), (2, "MAIN"), (3, "MAIN"), (4, "MAIN"), (5, "MAIN"), (2, "BLOB"),
                                                (6, "MAIN"))]
          and len(server) == first + 8, "each_engine_numbers_them_for_itself", (files, len(server), first))
    point(changes[2].server == [("ALTER TABLE thing ADD COLUMN twin bytea CONSTRAINT thing_twin_shape CHECK (octet_length(twin) = 16);",
                                 False)] and "length(twin) = 16" in changes[2].files[0][1], "a_column_keeps_its_length", changes[2].server)
    point(changes[3].server[1] == ("SELECT create_distributed_table('more', 'person_id');", True) and "ADD CONSTRAINT more_thing" in
          changes[3].server[2][0], "a_new_table_has_its_place", changes[3].server)
    point(not refusal(lambda: gen_sql.copying(tables, changes)), "a_new_table_can_be_copied")
    for name, text, reason in BAD_STEPS:
        why = refusal(lambda text=text, name=name: gen_sql.generate(SCHEMA, [], [(name, text)]))
        point(why and reason in why, f"refuses {' '.join(text.split())[:60]} as {name}", why)
    lines = [f"{c.digest}  {c.name}" for c in changes]
    point(not refusal(lambda: gen_sql.check_frozen(changes, "# so\n" + "\n".join(lines), "frozen")), "frozen_steps_are_known")
    other = gen_sql.generate(SCHEMA.replace("kind text", "kind int"), [], STEPS)[2]
    for what, these, text, reason in (
            ("a first state that changed", other, lines, "schema.sql is frozen"), ("a step without a line", changes, lines[:-1], "no line"),
            ("a step between others", changes, lines[:2] + lines[3:], "at this place"), ("a step that is gone", changes[:-1], lines, "not there")):
        why = refusal(lambda these=these, text=text: gen_sql.check_frozen(these, "\n".join(text), "frozen"))
        point(why and reason in why, f"refuses {what}", why)
    root = os.environ["SOURCE_ROOT"]
    for room, folder in (("store", "sql"), ("vault", "sql/vault")):
        there = glob.glob(os.path.join(root, folder, "steps", "*.sql"))
        built, schema, known = (read(root, *path) for path in (("src", room, "meson.build"), (folder, "schema.sql"), (folder, "frozen")))
        point(all(f"{folder}/steps/{os.path.basename(path)}'" in built for path in there) and f"'../../{folder}/frozen'" in built,
              f"every_step_of_the_{room}_is_built", there)
        changes = gen_sql.generate(schema.replace("name text NOT NULL", "name text"), [])[2]
        why = refusal(lambda changes=changes, known=known, folder=folder: gen_sql.check_frozen(changes, known, f"{folder}/frozen"))
        point(why and f"schema.sql is frozen, and something else comes of it now: write the change as a step, in {folder}/steps." in why,
              f"the_first_state_of_the_{room}_is_frozen", why)


def main():
    failed, count = 0, 0

    def point(good, name, note=""):
        nonlocal failed, count
        count += 1
        failed += not good
        print(f"{'ok' if good else 'not ok'} {count} - {name}")
        if not good:
            print(f"# {note}")

    try:
        tables, statements, changes = gen_sql.generate(SCHEMA, [("good", GOOD)])
        point(len(tables) == 4 and len(statements) == 2, "a_good_schema_passes", "wrong counts")
        pg = "\n".join(text for text, _ in changes[0].server)
        point("ALTER TABLE thing ADD CONSTRAINT thing_office" in pg and "STRICT" not in pg
              and pg.count("REFERENCES") == 1 and "create_distributed_table('claim', 'val')" in pg,
              "postgresql_gets_foreign_keys_last_and_placements", pg)
        sqlite = "\n".join(gen_sql.ddl(tables["thing"], "sqlite"))
        point("STRICT" in sqlite and "length(person_id) = 16" in sqlite, "sqlite_is_strict_and_checks_shapes", sqlite)
    except gen_sql.Bad as error:
        point(False, "a_good_schema_passes", error)
    for name, schema, statements, reason in BAD:
        try:
            gen_sql.generate(schema, [("bad", statements)])
            point(False, f"refuses {name}", "it was accepted")
        except gen_sql.Bad as error:
            point(reason in str(error), f"refuses {name}", f"for another reason: {error}")
    steps(point)
    print(f"1..{count}")
    return failed != 0


sys.exit(main())
