-- SPDX-License-Identifier: MPL-2.0

-- name: request_get tag: claim
SELECT body_hash, status, person_id, resource, version, state, response
FROM request WHERE principal = ?1 AND key = ?2;

-- name: request_add tag: claim
INSERT INTO request (principal, key, body_hash, at, status, person_id, resource, version, state, response)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: request_old tag: fanout
SELECT principal, key FROM request WHERE at < ?1 ORDER BY at LIMIT ?2;

-- name: request_drop tag: claim
DELETE FROM request WHERE principal = ?1 AND key = ?2;

-- name: claim_get tag: claim
SELECT person_id, object_id, state FROM claim WHERE val = ?1 AND kind = ?2;

-- name: claim_add tag: claim
INSERT INTO claim (val, kind, person_id, object_id, state) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (val, kind) DO NOTHING;

-- name: claim_move tag: claim
UPDATE claim SET state = ?5, object_id = ?6
WHERE val = ?1 AND kind = ?2 AND person_id = ?3 AND state = ?4;
