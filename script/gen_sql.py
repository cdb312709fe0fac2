#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Turn the logical schema and the named statements into C, or say why not.

    gen_sql.py --out-h store_sql.h --out-c store_sql.c [--out-pg schema_postgresql.sql] [--frozen FILE]
               [--prefix sql] [--whose register] SCHEMA FILE...

SCHEMA is the first state; what came later stands in FILEs of a folder `steps`, named 0002-what.sql and so on in their order, one
statement each: CREATE TABLE with its tag line, CREATE INDEX, DROP INDEX, or ALTER TABLE t ADD COLUMN. They only go
forward, and nothing is renamed or dropped that an older program reads. FILE of --frozen has a line for each, "SHA-256  name" of
what comes of it on both engines: a store that took a step must find it unchanged for ever.

The rules keep one schema fit for SQLite, PostgreSQL and a sharded PostgreSQL.
Statements are tagged with what they touch:
    single     owned tables, one person: has person_id = ?N (or inserts person_id)
    claim      claim tables, one value: equality on (or insert of) the leading key column
    office     office tables, one office: office = ?N or insert
    log        log tables, one log: log_id = ?N or insert
    reference  reference tables only
    local      local tables only
    fanout     anything, but ordered and with a LIMIT
Every statement is also compiled by SQLite here, so a typo fails the build too.
"""
import argparse
import hashlib
import os
import re
import sqlite3
import sys

PLACEMENTS = ("owned", "claim", "office", "log", "reference", "local")
TAG_PLACEMENT = {"single": "owned", "claim": "claim", "office": "office", "log": "log",
                 "reference": "reference", "local": "local"}
LEADING = {"owned": "person_id", "office": "office", "log": "log_id"}
TYPES = {  # logical type: (SQLite, PostgreSQL, fixed length)
    "id": ("BLOB", "bytea", 16), "hash": ("BLOB", "bytea", 32), "fixed8": ("BLOB", "bytea", 8),
    "fixed64": ("BLOB", "bytea", 64), "bytes": ("BLOB", "bytea", None), "text": ("TEXT", 'text COLLATE "C"', None),
    "int": ("INTEGER", "bigint", None)}
UNCOPIED = ("migration", "blob_migration")
BANNED = [(r"\btrigger\b", "a trigger"), (r"\bautoincrement\b", "AUTOINCREMENT"), (r"\bserial\s+primary", "a sequence"),
          (r"\bnow\s*\(", "now()"), (r"\brandom(blob)?\s*\(", "random()"), (r"\bcurrent_(time|date|timestamp)\b", "the time"),
          (r"\b(datetime|strftime|julianday|unixepoch)\s*\(", "the time"), (r"\bwith\s+recursive\b", "recursion"),
          (r"\bfor\s+update\b", "FOR UPDATE"), (r"\bdefault\b", "DEFAULT"), (r"\bcascade\b", "CASCADE"),
          (r"\bcreate\s+(unique\s+)?index\s+if\b", "IF NOT EXISTS"), (r"\bselect\s+\*", "SELECT *")]


class Bad(Exception):
    """A rule is broken; the text says which and where."""


class Table:
    def __init__(self, name, placement, database, compact):
        self.name, self.placement, self.database, self.compact = name, placement, database, compact
        self.columns, self.constraints, self.indexes, self.key = [], [], [], []


def banned(text, where):
    plain = re.sub(r"'[^']*'", "''", text)
    for pattern, what in BANNED:
        if re.search(pattern, plain, re.I):
            raise Bad(f"{where}: {what} is not allowed")


def split_top(body):
    """Split at commas outside parentheses."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(body):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(body[start:i])
            start = i + 1
    parts.append(body[start:])
    return [" ".join(p.split()) for p in parts if p.strip()]


def without_comments(text):
    return re.sub(r"--[^\n]*", "", text)


def names(columns):
    return [c.strip() for c in columns.split(",")]


def parse_constraint(table, part, tables):
    m = re.fullmatch(r"CONSTRAINT (\w+) (PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY) (.*)", part)
    if not m:
        raise Bad(f"table {table.name}: a constraint without a name: {part}")
    name, kind, rest = m.groups()
    if not name.startswith(table.name + "_"):
        raise Bad(f"constraint {name}: its name must begin with {table.name}_")
    columns = re.match(r"\(([^()]*)\)", rest)
    if kind == "PRIMARY KEY":
        table.key = names(columns.group(1))
    elif kind == "UNIQUE" and table.placement in LEADING and LEADING[table.placement] not in names(columns.group(1)):
        raise Bad(f"constraint {name}: UNIQUE must contain {LEADING[table.placement]}; use a claim")
    elif kind == "UNIQUE" and table.placement == "claim" and table.key and table.key[0] not in names(columns.group(1)):
        raise Bad(f"constraint {name}: UNIQUE must contain {table.key[0]}")
    elif kind == "FOREIGN KEY":
        check_foreign(table, name, rest, tables)
    table.constraints.append((name, kind, part))


def check_foreign(table, name, rest, tables):
    m = re.fullmatch(r"\(([^()]*)\) REFERENCES (\w+) \(([^()]*)\)", rest)
    if not m or m.group(2) not in tables:
        raise Bad(f"constraint {name}: it must reference a table above it, without actions")
    far = tables[m.group(2)]
    if far.database != table.database:
        raise Bad(f"constraint {name}: it crosses databases")
    if far.placement == "reference" or far.placement == table.placement == "local":
        return
    if far.placement != "owned" or table.placement != "owned":
        raise Bad(f"constraint {name}: a foreign key goes to the same person or to a reference table")
    if names(m.group(1))[0] != "person_id" or names(m.group(3))[0] != "person_id":
        raise Bad(f"constraint {name}: a foreign key to an owned table must begin with person_id")


def check_key(table):
    if not table.key:
        raise Bad(f"table {table.name}: no PRIMARY KEY")
    lead = LEADING.get(table.placement)
    if lead and table.key[0] != lead:
        raise Bad(f"table {table.name}: the primary key must begin with {lead}")
    present = [c[0] for c in table.columns]
    for column in table.key:
        if column not in present:
            raise Bad(f"table {table.name}: no column {column}")


def parse_schema(text, before=()):
    """before: the tables that are there already."""
    banned(without_comments(text), "schema")
    tables, tagged = dict(before), set(before)
    pattern = re.compile(r"(?:-- table: ([^\n]*)\n)?CREATE (TABLE|INDEX) (\w+)\s*(.*?);\s*?\n", re.S)
    statements = [s for s in without_comments(text).split(";") if s.strip()]
    found = list(pattern.finditer(text))
    if len(found) != len(statements):
        raise Bad("schema: only CREATE TABLE and CREATE INDEX, each ending a line with a semicolon")
    for tag, what, name, body in (m.groups() for m in found):
        if what == "INDEX":
            m = re.fullmatch(r"ON (\w+) \(([^()]*)\)", body.strip())
            if not m or m.group(1) not in tables:
                raise Bad(f"index {name}: ON a table above it (columns), nothing else")
            tables[m.group(1)].indexes.append((name, m.group(2)))
            continue
        words = (tag or "").split()
        if len(words) not in (2, 3) or words[0] not in PLACEMENTS or words[1] not in ("main", "blob") \
                or words[2:] not in ([], ["compact"]):
            raise Bad(f"table {name}: it needs a tag line '-- table: PLACEMENT DATABASE [compact]'")
        if name in tagged:
            raise Bad(f"table {name}: twice")
        tagged.add(name)
        tables[name] = parse_table(Table(name, words[0], words[1], len(words) == 3), body, tables)
    return tables


def parse_table(table, body, tables):
    body = without_comments(body).strip()
    if not (body.startswith("(") and body.endswith(")")):
        raise Bad(f"table {table.name}: only (columns and constraints)")
    for part in split_top(body[1:-1]):
        if part.split()[0] in ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"):
            parse_constraint(table, part, tables)
            continue
        m = re.fullmatch(r"(\w+) (\w+)( NOT NULL)?", part)
        if not m or m.group(2) not in TYPES:
            raise Bad(f"table {table.name}: a column is 'name type [NOT NULL]', not: {part}")
        table.columns.append((m.group(1), m.group(2), bool(m.group(3))))
    check_key(table)
    return table


def ddl(table, engine):
    """The table's CREATE statements; on PostgreSQL foreign keys come later, one ALTER each."""
    column = 0 if engine == "sqlite" else 1
    length = "length" if engine == "sqlite" else "octet_length"
    lines = [f"{n} {TYPES[t][column]}{' NOT NULL' if required else ''}" for n, t, required in table.columns]
    shape = " AND ".join(f"{length}({n}) = {TYPES[t][2]}" for n, t, _ in table.columns if TYPES[t][2])
    if shape:
        lines.append(f"CONSTRAINT {table.name}_shape CHECK ({shape})")
    lines += [part for _, kind, part in table.constraints if engine == "sqlite" or kind != "FOREIGN KEY"]
    tail = (" STRICT, WITHOUT ROWID" if table.compact else " STRICT") if engine == "sqlite" else ""
    out = [f"CREATE TABLE {table.name} (\n\t" + ",\n\t".join(lines) + f"\n){tail};"]
    return out + [f"CREATE INDEX {name} ON {table.name} ({columns});" for name, columns in table.indexes]


def place(table):
    """How a sharded server is told where the table goes; None: it stays where it was made."""
    if table.placement == "local":
        return None
    if table.placement == "reference":
        return f"SELECT create_reference_table('{table.name}');"
    if table.placement == "log":
        return f"SELECT create_distributed_table('{table.name}', 'log_id', shard_count => 1);"
    key = table.key[0] if table.placement == "claim" else LEADING[table.placement]
    return f"SELECT create_distributed_table('{table.name}', '{key}');"


def postgresql(tables):
    """[(statement, whether only a sharded server runs it)]: a step of the schema each. Parts share one database, and so
    one table of migrations: that of the first."""
    out, kept = [], [t for t in tables if t.name != "blob_migration"]
    for table in kept:
        out += [(line, False) for line in ddl(table, "postgresql")]
        if place(table):
            out.append((place(table), True))
    for table in kept:
        out += [(f"ALTER TABLE {table.name} ADD {part};", False) for _, kind, part in table.constraints if kind == "FOREIGN KEY"]
    return out


class Change:
    """What a file of the schema does: on SQLite a step for each database, on PostgreSQL one for each statement."""
    def __init__(self, name, files, server):
        self.name, self.files, self.server = name, files, server
        texts = [*(text for _, text in files), *(text for text, _ in server)]
        self.digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()


def first_state(tables):
    """schema.sql as a change: from nothing."""
    return Change("schema.sql", [(base, "\n".join("\n".join(ddl(t, "sqlite")) for t in tables.values() if t.database == base) + "\n")
                                 for base in ("main", "blob") if any(t.database == base for t in tables.values())],
                  postgresql(tables.values()))


def parse_step(text, name, tables):
    """The change of a step's file; the tables become what they are behind it."""
    plain = " ".join(without_comments(text).split())
    banned(plain, name)
    if plain.count(";") != 1 or not plain.endswith(";"):
        raise Bad(f"{name}: exactly one statement, ending in a semicolon")
    if plain.startswith("CREATE TABLE "):
        made = [t for t in parse_schema(text, tables).values() if t not in tables.values()]
        tables.update({t.name: t for t in made})
        return Change(name, [(made[0].database, "\n".join(ddl(made[0], "sqlite")) + "\n")], postgresql(made))
    column = re.fullmatch(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (\w+)( NOT NULL)?;", plain)
    index = re.fullmatch(r"CREATE INDEX (\w+) ON (\w+) \(([^()]*)\);", plain)
    dropped = re.fullmatch(r"DROP INDEX (\w+);", plain)
    if column:
        table = known(tables, column[1], name)
        texts = add_column(table, *column.groups()[1:], name)
    elif index:
        table = known(tables, index[2], name)
        if any(index[1] == i for t in tables.values() for i, _ in t.indexes):
            raise Bad(f"{name}: there is an index {index[1]} already")
        table.indexes.append((index[1], index[3]))
        texts = [plain] * 2
    elif dropped:
        table = next((t for t in tables.values() if any(i == dropped[1] for i, _ in t.indexes)), None)
        if not table:
            raise Bad(f"{name}: there is no index {dropped[1]}")
        table.indexes = [i for i in table.indexes if i[0] != dropped[1]]
        texts = [plain] * 2
    else:
        raise Bad(f"{name}: only CREATE TABLE, CREATE INDEX, DROP INDEX and ALTER TABLE … ADD COLUMN: {plain[:60]}")
    return Change(name, [(table.database, texts[0] + "\n")], [(texts[1], False)])


def known(tables, name, where):
    if name not in tables or name in UNCOPIED:
        raise Bad(f"{where}: there is no table {name} to change")
    return tables[name]


def add_column(table, column, kind, required, where):
    """The statement for each engine. Records that are there have nothing in it."""
    if kind not in TYPES:
        raise Bad(f"{where}: a column is 'name type', not of type {kind}")
    if required:
        raise Bad(f"{where}: NOT NULL: the records that are there have no {column}")
    if any(column == c for c, *_ in table.columns):
        raise Bad(f"{where}: {table.name} has a column {column} already")
    table.columns.append((column, kind, False))
    rule = f" CONSTRAINT {table.name}_{column}_shape CHECK (%s({column}) = {TYPES[kind][2]})" if TYPES[kind][2] else ""
    if rule:
        table.constraints.append((f"{table.name}_{column}_shape", "CHECK", None))
    return [f"ALTER TABLE {table.name} ADD COLUMN {column} {TYPES[kind][engine]}{rule and rule % length};"
            for engine, length in enumerate(("length", "octet_length"))]


def check_frozen(changes, text, where):
    """A line for each change, in their order."""
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    for change, line in zip(changes, [*lines, *[None] * len(changes)]):
        ours = f"{change.digest}  {change.name}"
        if line is None:
            raise Bad(f"{change.name}: {where} has no line for it: once it is released it stays as it is. The line: {ours}")
        if line[1:] != [change.name]:
            raise Bad(f"{change.name}: {where} has {line[-1]} at this place; a step comes behind those that were released")
        if line[0] != change.digest:
            raise Bad(f"{change.name} is frozen, and something else comes of it now: write the change as a step, in "
                      f"{os.path.normpath(os.path.join(os.path.dirname(where), 'steps'))}. (Its line would be: {ours})")
    if len(lines) > len(changes):
        raise Bad(f"{lines[len(changes)][-1]}: {where} names it, and it is not there")


def rights(tables, statements):
    """[(table, what the program's role may do with it)]: what the statements do, and nothing else."""
    updated, deleted = {}, set()
    for _, _, sql, *_ in statements:
        m = re.match(r"(?:UPDATE (\w+) SET|INSERT INTO (\w+) .* DO UPDATE SET) (.*)", sql)
        if m:
            columns = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", m.group(3).split(" WHERE ")[0])
            updated.setdefault(m.group(1) or m.group(2), set()).update(c.split("=")[0].strip() for c in columns.split(","))
        m = re.match(r"DELETE FROM (\w+)", sql)
        if m:
            deleted.add(m.group(1))
    out = []
    for name in tables:
        if name == "migration":
            out.append((name, "SELECT"))
        elif name != "blob_migration":
            out.append((name, "SELECT, INSERT" + (f", UPDATE ({', '.join(sorted(updated[name]))})" if name in updated else "") +
                        (", DELETE" if name in deleted else "")))
    return out


def in_postgresql(sql):
    """A statement as PostgreSQL wants it. SQLite's LIKE takes Latin letters of either case for the same."""
    return re.sub(r"\bLIKE\b", "ILIKE", re.sub(r"\?(\d+)", r"$\1", sql))


def parse_statements(text, where):
    out, pending = [], None
    for block in re.split(r"(?m)^(?=-- name:)", text):
        m = re.match(r"-- name: (\w+) tag: (\w+)\n", block)
        if not m:
            if block.startswith("-- name:") or without_comments(block).strip():
                raise Bad(f"{where}: a statement without '-- name: NAME tag: TAG': {block.strip()[:60]}")
            continue
        sql = " ".join(without_comments(block).split())
        if not sql.endswith(";") or sql.count(";") != 1:
            raise Bad(f"{where}: {m.group(1)}: exactly one statement, ending in a semicolon")
        out.append((m.group(1), m.group(2), sql[:-1]))
    return out


def copying(tables, changes):
    """Four statements a table, for whoever copies it whole: its first rows, those behind a key, the last key, a row more."""
    out = []
    for t in tables.values():
        if t.name in UNCOPIED:
            continue
        columns, key = ", ".join(c for c, *_ in t.columns), ", ".join(t.key)
        behind = f"({key}) > ({', '.join(f'?{i + 1}' for i in range(len(t.key)))})"
        put = next(tag for tag, placement in TAG_PLACEMENT.items() if placement == t.placement)
        for name, tag, sql in (
                ("first", "fanout", f"SELECT {columns} FROM {t.name} ORDER BY {key} LIMIT ?1"),
                ("after", "fanout", f"SELECT {columns} FROM {t.name} WHERE {behind} ORDER BY {key} LIMIT ?{len(t.key) + 1}"),
                ("last", "fanout", f"SELECT {key} FROM {t.name} ORDER BY {', '.join(k + ' DESC' for k in t.key)} LIMIT 1"),
                ("put", put, f"INSERT INTO {t.name} ({columns}) VALUES ({', '.join(f'?{i + 1}' for i in range(len(t.columns)))})")):
            name = f"copy_{name}_{t.name}"
            out.append((name, tag, sql, *check_statement(name, tag, sql, tables)))
    compile_all(changes, out)
    return out


def tables_of(sql):
    return re.findall(r"\b(?:FROM|JOIN|INTO|^UPDATE)\s+(\w+)", sql)


def check_statement(name, tag, sql, tables):
    """Returns (database, parameter count)."""
    banned(sql, f"statement {name}")
    if tag not in TAG_PLACEMENT and tag != "fanout":
        raise Bad(f"statement {name}: unknown tag {tag}")
    touched = tables_of(sql)
    if not touched or any(t not in tables for t in touched):
        raise Bad(f"statement {name}: touches no known table: {touched}")
    if len({tables[t].database for t in touched}) != 1:
        raise Bad(f"statement {name}: crosses databases")
    if tag == "fanout":
        if not re.search(r"\bLIMIT\b", sql) or not re.search(r"\bORDER BY\b", sql) or not sql.startswith("SELECT"):
            raise Bad(f"statement {name}: a fanout must be a SELECT with ORDER BY and LIMIT")
    else:
        check_tag(name, tag, sql, [tables[t] for t in touched])
    used = sorted({int(n) for n in re.findall(r"\?(\d+)", sql)})
    if re.search(r"\?(?!\d)", sql) or used != list(range(1, len(used) + 1)):
        raise Bad(f"statement {name}: parameters must be ?1 … ?n without gaps")
    return tables[touched[0]].database, len(used)


def check_tag(name, tag, sql, touched):
    for table in touched:
        if table.placement != TAG_PLACEMENT[tag]:
            raise Bad(f"statement {name}: tag {tag} but table {table.name} is {table.placement}")
    if tag in ("reference", "local"):
        return
    key = touched[0].key[0] if tag == "claim" else LEADING[TAG_PLACEMENT[tag]]
    insert = re.match(r"INSERT INTO \w+ \(([^()]*)\)", sql)
    where = sql.split(" WHERE ", 1)[1] if " WHERE " in sql else ""
    if insert:
        if key not in names(insert.group(1)):
            raise Bad(f"statement {name}: tag {tag}, but it does not insert {key}")
    elif not re.match(rf"\(*{key} = \?\d", where) and not re.search(rf"^(?!.* OR ).*\b{key} = \?\d", where):
        raise Bad(f"statement {name}: tag {tag}, but it does not have {key} = ?")
    elif re.search(r"^[^()]* OR ", re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", where)):
        raise Bad(f"statement {name}: tag {tag}, but an OR stands beside {key} = ?")
    # What an INSERT … SELECT writes is bound with what it reads, if it begins with the same key.
    copied = bool(insert) and re.search(rf"^INSERT INTO \w+ \({key}, [^()]*\) SELECT {key}, ", sql) is not None
    if len(touched) > 1 and sql.count(f"{key} =") + copied < len(touched):
        raise Bad(f"statement {name}: joined tables must each be bound by {key}")


def compile_all(changes, statements):
    """What SQLite itself says of the schema, made step by step, and of every statement."""
    for database in ("main", "blob"):
        db = sqlite3.connect(":memory:")
        try:
            for change in changes:
                for base, text in change.files:
                    if base == database:
                        db.executescript(text)
            for name, _, sql, base, count in statements:
                if base == database:
                    db.execute("EXPLAIN " + sql, [None] * count)
        except sqlite3.Error as error:
            raise Bad(f"SQLite refuses: {error} ({database})") from error
        finally:
            db.close()


def quote(text):
    lines = text.split("\n")
    return "\n".join('\t\t"%s%s"' % (l.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t"),
                                    "\\n" if i + 1 < len(lines) else "") for i, l in enumerate(lines))


def header(name, prefix, statements):
    big, guard = prefix.upper(), "CIVIS_" + re.sub(r"\W", "_", name).upper()
    ids = "\n".join(f"\t{big}_{statement}," for statement, *_ in statements)
    tags = ", ".join(f"{big}_TAG_{tag}" for tag in ("SINGLE", "CLAIM", "OFFICE", "LOG", "REFERENCE", "LOCAL", "FANOUT"))
    return f"""/* Generated by script/gen_sql.py; do not edit. */
#ifndef {guard}
#define {guard}

#include "database/db.h"

enum {prefix}_tag {{ {tags} }};
enum {prefix}_database {{ {big}_MAIN, {big}_BLOB }};

enum {prefix}_id {{
{ids}
	{big}_COUNT
}};

extern const struct db_catalog {prefix}_catalog;

#endif
"""


def step(big, version, database, text, sharded=False):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f'\t{{{version}, {big}_{database.upper()}, "{digest}",\n{quote(text)}, {str(sharded).lower()}}},'


def in_c(big, table):
    kinds = {"int": "DB_INT", "text": "DB_TEXT"}
    column = ", ".join(kinds.get(kind, "DB_BYTES") for _, kind, _ in table.columns)
    present = [name for name, *_ in table.columns]
    key = ", ".join(str(present.index(k)) for k in table.key)
    wide = str(any(kind == "bytes" for name, kind, _ in table.columns if name not in table.key)).lower()
    return (f'\t{{"{table.name}", {big}_{table.database.upper()}, {big}_copy_first_{table.name}, {len(present)}, {len(table.key)},\n'
            f"\t\t(const enum db_type[]){{{column}}}, (const int[]){{{key}}}, {wide}}},")


def numbered(changes, big="SQL"):
    """The steps of either engine, as C."""
    files, count = [], {}
    for base, text in (file for change in changes for file in change.files):
        count[base] = count.get(base, 0) + 1
        files.append(step(big, count[base], base, text))
    server = [one for change in changes for one in change.server]
    return files, [step(big, i + 1, "main", text, sharded) for i, (text, sharded) in enumerate(server)]


def source(name, prefix, whose, tables, statements, changes):
    big = prefix.upper()
    rows = "\n".join(
        f'\t[{big}_{statement}] = {{"{statement}", {{\n{quote(sql)},\n{quote(in_postgresql(sql))}}},\n'
        f'\t\t{big}_TAG_{tag.upper()}, {big}_{base.upper()}, {count}}},'
        for statement, tag, sql, base, count in statements)
    files, server = numbered(changes, big)
    copied = [in_c(big, table) for table in tables.values() if table.name not in UNCOPIED]
    may = [f'\t{{"{table}", "{what}"}},' for table, what in rights(tables, statements)]
    return (f'/* Generated by script/gen_sql.py; do not edit. */\n#include "{name}"\n\n'
            f"static const struct db_statement statement[{big}_COUNT] = {{\n{rows}\n}};\n\n"
            "static const struct db_step file_step[] = {\n" + "\n".join(files) + "\n};\n\n"
            "static const struct db_step server_step[] = {\n" + "\n".join(server) + "\n};\n\n"
            'static const char *const migration_table[] = {"migration", "blob_migration"};\n\n'
            "static const struct db_right may[] = {\n" + "\n".join(may) + "\n};\n\n"
            "static const struct db_table table[] = {\n" + "\n".join(copied) + "\n};\n\n"
            f"const struct db_catalog {prefix}_catalog = {{\n\t\"{whose}\", statement, {big}_COUNT, {{file_step, server_step}}, "
            f"{{{len(files)}, {len(server)}}}, migration_table, may, {len(may)}, table, {len(copied)},\n}};\n")


def generate(schema, files, steps=()):
    """(tables, statements, changes) from texts, or Bad. files, steps: [(name, text)]."""
    tables, statements, seen = parse_schema(schema), [], set()
    changes, last = [first_state(tables)], 1
    for name, text in steps:
        number = re.fullmatch(r"(\d{4})-[a-z0-9_]+\.sql", name)
        if not number or int(number[1]) <= last:
            raise Bad(f"{name}: a step's file is named 0002-what.sql, and its number is above those before")
        last = int(number[1])
        changes.append(parse_step(text, name, tables))
    for where, text in files:
        for name, tag, sql in parse_statements(text, where):
            if name in seen:
                raise Bad(f"statement {name}: twice")
            seen.add(name)
            statements.append((name, tag, sql, *check_statement(name, tag, sql, tables)))
    compile_all(changes, statements)
    return tables, statements, changes


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def is_step(path):
    return os.path.basename(os.path.dirname(path)) == "steps"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out-h", required=True)
    parser.add_argument("--out-c", required=True)
    parser.add_argument("--out-pg")
    parser.add_argument("--frozen")
    parser.add_argument("--prefix", default="sql", help="of the names in C: a catalogue each for the register's store and the vault's")
    parser.add_argument("--whose", default="register", help="the schema is, in sentences")
    parser.add_argument("schema")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    steps = sorted((f for f in args.files if is_step(f)), key=os.path.basename)
    try:
        tables, statements, changes = generate(read(args.schema), [(f, read(f)) for f in args.files if f not in steps],
                                               [(os.path.basename(f), read(f)) for f in steps])
        statements += copying(tables, changes)
        if args.frozen:
            check_frozen(changes, read(args.frozen), args.frozen)
    except Bad as error:
        sys.exit(f"gen_sql.py: {error}")
    name = os.path.basename(args.out_h)
    outputs = [(args.out_h, header(name, args.prefix, statements)),
               (args.out_c, source(name, args.prefix, args.whose, tables, statements, changes))]
    if args.out_pg:
        lines = ["-- Generated by script/gen_sql.py from sql/. Each statement is a step of the migration.",
                 "-- Lines beginning with --@ place the tables on a sharded server and are skipped elsewhere."]
        lines += [("--@ " if sharded else "") + text for change in changes for text, sharded in change.server]
        outputs.append((args.out_pg, "\n".join(lines) + "\n"))
    for path, text in outputs:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
