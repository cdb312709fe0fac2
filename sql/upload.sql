-- SPDX-License-Identifier: MPL-2.0

-- name: attachment_add tag: single
INSERT INTO attachment (person_id, case_id, attachment_id, kind, media_type, length, pieces, sealed_version, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (person_id, case_id, attachment_id) DO NOTHING;

-- name: attachment_get tag: single
SELECT kind, media_type, length, pieces, sealed_version, at FROM attachment
WHERE person_id = ?1 AND case_id = ?2 AND attachment_id = ?3;

-- name: attachment_list tag: single
SELECT attachment_id, kind, media_type, length, pieces, sealed_version, at FROM attachment
WHERE person_id = ?1 AND case_id = ?2 ORDER BY at, attachment_id LIMIT ?3;

-- name: upload_add tag: claim
INSERT INTO upload (upload_id, person_id, case_id, principal, kind, media_type, length, received, pieces, created,
	expires, done)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8, ?9, 0)
ON CONFLICT (upload_id) DO NOTHING;

-- name: upload_get tag: claim
SELECT person_id, case_id, principal, kind, media_type, length, received, pieces, created, expires, done
FROM upload WHERE upload_id = ?1;

-- name: upload_open tag: fanout
SELECT upload_id FROM upload WHERE person_id = ?1 AND case_id = ?2 AND done = 0 ORDER BY upload_id LIMIT ?3;

-- name: upload_step tag: claim
UPDATE upload SET received = received + ?4, pieces = pieces + 1
WHERE upload_id = ?1 AND received = ?2 AND pieces = ?3 AND done = 0;

-- name: upload_done tag: claim
UPDATE upload SET done = 1, media_type = ?2 WHERE upload_id = ?1 AND received = length;

-- name: upload_give_up tag: claim
DELETE FROM upload WHERE upload_id = ?1 AND done = 0;

-- name: upload_drop tag: claim
DELETE FROM upload WHERE upload_id = ?1;

-- name: upload_expired tag: fanout
SELECT upload_id, person_id, case_id FROM upload WHERE expires < ?1 ORDER BY expires, upload_id LIMIT ?2;

-- name: piece_add tag: single
INSERT INTO piece (person_id, blob_id, piece, plain_len, sealed) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: piece_get tag: single
SELECT plain_len, sealed FROM piece WHERE person_id = ?1 AND blob_id = ?2 AND piece = ?3;

-- name: piece_drop tag: single
DELETE FROM piece WHERE person_id = ?1 AND blob_id = ?2;
