-- SPDX-License-Identifier: MPL-2.0
-- Named statements: a line "-- name: NAME tag: TAG", then one statement ending
-- in a semicolon. See script/gen_sql.py for what each tag promises.

-- name: meta_get tag: local
SELECT value FROM meta WHERE key = ?1;

-- name: meta_set tag: local
INSERT INTO meta (key, value) VALUES (?1, ?2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
