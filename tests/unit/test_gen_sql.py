#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Feeds script/gen_sql.py planted mistakes: each must be refused, for its own reason."""
import os
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
        tables, statements = gen_sql.generate(SCHEMA, [("good", GOOD)])
        point(len(tables) == 4 and len(statements) == 2, "a_good_schema_passes", "wrong counts")
        pg = "\n".join(text for text, _ in gen_sql.postgresql(tables))
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
    print(f"1..{count}")
    return failed != 0


sys.exit(main())
