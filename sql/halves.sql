-- SPDX-License-Identifier: MPL-2.0
-- Commands whose rows lie on several machines: see src/store/halves.c.

-- name: request_take tag: claim
INSERT INTO request (principal, key, body_hash, at, status, person_id, resource, version, state, response)
VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5, 0, '', ?6)
ON CONFLICT (principal, key) DO NOTHING;

-- name: request_set tag: claim
UPDATE request SET status = ?3, resource = ?4, version = ?5, state = ?6, response = ?7
WHERE principal = ?1 AND key = ?2;

-- name: intent_add tag: single
INSERT INTO intent (person_id, principal, key, at, tries, journal) VALUES (?1, ?2, ?3, ?4, 0, ?5);

-- Who finishes it holds the row until then.
-- name: intent_try tag: single
UPDATE intent SET tries = tries + 1 WHERE person_id = ?1 AND principal = ?2 AND key = ?3;

-- name: intent_get tag: single
SELECT journal FROM intent WHERE person_id = ?1 AND principal = ?2 AND key = ?3;

-- name: intent_drop tag: single
DELETE FROM intent WHERE person_id = ?1 AND principal = ?2 AND key = ?3;

-- name: intent_first tag: single
SELECT person_id, principal, key FROM intent WHERE person_id = ?1 ORDER BY at LIMIT 1;

-- name: intent_find tag: fanout
SELECT person_id, principal, key FROM intent WHERE principal = ?1 AND key = ?2 ORDER BY person_id LIMIT 1;

-- name: intent_old tag: fanout
SELECT person_id, principal, key FROM intent WHERE at < ?1 ORDER BY at LIMIT ?2;

-- name: check_intents tag: fanout
SELECT person_id, principal, key, at FROM intent WHERE (person_id, principal, key) > (?1, ?2, ?3)
ORDER BY person_id, principal, key LIMIT ?4;

-- name: counted_add tag: office
INSERT INTO counted (office, token, at) VALUES (?1, ?2, ?3) ON CONFLICT (office, token) DO NOTHING;

-- name: counted_old tag: fanout
SELECT office, token FROM counted WHERE at < ?1 ORDER BY at LIMIT ?2;

-- name: counted_drop tag: office
DELETE FROM counted WHERE office = ?1 AND token = ?2;
