# SPDX-License-Identifier: MPL-2.0
"""What a register's store holds, or (room="vault") its vault's, read and changed past it: for what no request does, such as
making time pass.

Statements are those of SQLite with parameters ?1, ?2 …, and have to mean the same on PostgreSQL.
"""
import contextlib
import os
import re
import sqlite3

import postgresql


def _literal(value):
    if isinstance(value, bytes):
        return f"decode('{value.hex()}', 'hex')"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _in_postgresql(sql, values):
    return re.sub(r"\?(\d+)", lambda n: _literal(values[int(n[1]) - 1]), sql)


FILE = {"gate": "main.db", "vault": "vault.db"}
OWNER = {"gate": "civis_owner", "vault": "civis_vault_owner"}


def _files(data, room):
    return contextlib.closing(sqlite3.connect(os.path.join(data, room, FILE[room]), timeout=20, isolation_level=None))


def database(data, room="gate"):
    """On a server: the name of the database; else None."""
    with contextlib.suppress(FileNotFoundError), open(os.path.join(data, room, "store"), encoding="utf-8") as f:
        return re.search(r"/([a-z0-9_]+)\?", f.read())[1]
    return None


def change(data, *statements, room="gate"):
    """[(sql, values…)], all or none of them."""
    name = database(data, room)
    if name:
        postgresql.running().sql("; ".join(_in_postgresql(sql, values) for sql, *values in statements), name, OWNER[room])
        return
    with _files(data, room) as db:
        db.execute("BEGIN IMMEDIATE")
        for sql, *values in statements:
            db.execute(sql, values)
        db.execute("COMMIT")


def rows(data, sql, *values, room="gate"):
    """Tuples of numbers and texts."""
    name = database(data, room)
    if not name:
        with _files(data, room) as db:
            return db.execute(sql, values).fetchall()
    said = postgresql.running().sql(_in_postgresql(sql, values), name, OWNER[room])
    return [tuple(int(v) if v.lstrip("-").isdigit() else v for v in line.split("|")) for line in said.splitlines()]
