-- SPDX-License-Identifier: MPL-2.0

-- name: number_by_case tag: local
SELECT claim, sealed, retired FROM number WHERE person_id = ?1 AND case_id = ?2;

-- name: number_by_claim tag: local
SELECT person_id, retired FROM number WHERE claim = ?1;

-- name: number_put tag: local
INSERT INTO number (claim, person_id, case_id, sealed, at_us, retired) VALUES (?1, ?2, ?3, ?4, ?5, 0);

-- name: number_retire tag: local
UPDATE number SET retired = 1 WHERE person_id = ?1 AND retired = 0;

-- name: chain_put tag: local
INSERT INTO act_chain (person_id, act_id, commitment, n, logged, status, since_day) VALUES (?1, ?2, ?3, ?4, 0, 0, 0);

-- name: chain_by_act tag: local
SELECT n, logged, status, commitment FROM act_chain WHERE person_id = ?1 AND act_id = ?2;

-- name: chain_by_commitment tag: local
SELECT n, logged, status, act_id FROM act_chain WHERE person_id = ?1 AND commitment = ?2;

-- name: chain_logged tag: local
SELECT coalesce(max(n), 0) FROM act_chain WHERE person_id = ?1 AND logged = 1;

-- name: chain_rival tag: local
SELECT 1 FROM act_chain WHERE person_id = ?1 AND act_id <> ?2 AND n = ?3 AND logged = 1;

-- name: chain_log tag: local
UPDATE act_chain SET logged = 1 WHERE person_id = ?1 AND act_id = ?2;

-- name: chain_end tag: local
-- A status is only ever raised: valid, changed, cancelled.
UPDATE act_chain SET status = ?3, since_day = ?4 WHERE person_id = ?1 AND n < ?2 AND status <> ?3 AND status <> 1;

-- name: document_end tag: local
UPDATE document SET status = ?3, since_day = ?4 WHERE person_id = ?1 AND status <> ?3 AND status <> 1 AND act_id IN
(SELECT act_id FROM act_chain WHERE person_id = ?1 AND n < ?2);

-- name: claim_put tag: local
INSERT INTO claim (code_hash, person_id, act_id, staff_id, until_us, session, session_until_us, serial) VALUES (?1,
?2, ?3, ?4, ?5, ?6, 0, ?6);

-- name: claim_by_code tag: local
SELECT person_id, act_id, staff_id, until_us, session_until_us, serial FROM claim WHERE code_hash = ?1;

-- name: claim_by_session tag: local
SELECT person_id, act_id, staff_id, until_us, session_until_us, serial FROM claim WHERE session = ?1;

-- name: claim_use tag: local
UPDATE claim SET session = ?2, session_until_us = ?3 WHERE code_hash = ?1;

-- name: claim_serial tag: local
UPDATE claim SET serial = ?2 WHERE session = ?1 AND length(serial) = 0;

-- name: claim_replace tag: local
DELETE FROM claim WHERE person_id = ?1 AND act_id = ?2 AND session_until_us = 0;

-- name: claim_sweep tag: local
DELETE FROM claim WHERE until_us < ?1;

-- name: document_get tag: local
SELECT person_id, act_id, staff_id, at_us, signed_us, list, idx FROM document WHERE serial = ?1;

-- name: document_put tag: local
INSERT INTO document (serial, person_id, act_id, staff_id, at_us, signed_us, list, idx, status, since_day) VALUES (?1,
?2, ?3, ?4, ?5, ?5, ?6, ?7, 0, 0);

-- name: document_signed tag: local
UPDATE document SET staff_id = ?2, signed_us = ?3 WHERE serial = ?1;

-- name: document_at tag: local
SELECT 1 FROM document WHERE list = ?1 AND idx = ?2;

-- name: list_last tag: local
SELECT coalesce(max(list), 0) FROM document;

-- name: list_count tag: local
SELECT count(*) FROM document WHERE list = ?1;

-- name: list_values tag: local
SELECT idx, status, since_day FROM document WHERE list = ?1 AND status <> 0 ORDER BY idx;

-- name: signed_get tag: local
SELECT size, root FROM signed_log WHERE origin = ?1;

-- name: signed_add tag: local
INSERT INTO signed_log (origin, size, root, at_us, first_us, closed) VALUES (?1, ?2, ?3, ?4, ?4, 0)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, at_us = excluded.at_us WHERE signed_log.size = 0
AND signed_log.closed = 0;

-- name: signed_move tag: local
-- Compares with what was read: two vaults never sign two trees of one size.
UPDATE signed_log SET size = ?2, root = ?3, at_us = ?4 WHERE origin = ?1 AND size = ?5 AND root = ?6 AND closed = 0;

-- name: signed_close tag: local
-- Compares with what the next epoch commits to.
UPDATE signed_log SET closed = 1 WHERE origin = ?1 AND size = ?2 AND root = ?3;

-- name: signed_close_unknown tag: local
-- Of an epoch in which this vault knows of no tree: nobody signs a first one any more.
INSERT INTO signed_log (origin, size, root, at_us, first_us, closed) VALUES (?1, 0, ?2, ?3, ?3, 1) ON CONFLICT (origin) DO NOTHING;

-- name: signed_all tag: local
SELECT origin, first_us FROM signed_log ORDER BY first_us, origin;
