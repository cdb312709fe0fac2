-- SPDX-License-Identifier: MPL-2.0

-- name: case_add tag: single
INSERT INTO cases (person_id, case_id, kind, regime, band, about, state, office, language, holder, hold_until,
	version, created, updated, reported, deadline, tracking_code, tracking_hash, pack_hash, number_claim, act_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, 0, 1, ?10, ?10, ?11, ?12, ?13, ?14, ?15, NULL, NULL);

-- name: case_content_add tag: single
INSERT INTO case_content (person_id, case_id, sealed_version, sealed, index_sealed, number_sealed,
	statistics_version, statistics_sealed)
VALUES (?1, ?2, 1, ?3, ?4, NULL, ?5, ?6);

-- name: case_get tag: single
SELECT kind, state, office, language, holder, hold_until, version, created, updated, deadline, tracking_code,
	tracking_hash, pack_hash, number_claim, act_id, regime, band, about, reported
FROM cases WHERE person_id = ?1 AND case_id = ?2;

-- name: case_content_get tag: single
SELECT sealed_version, sealed, index_sealed, number_sealed, statistics_version, statistics_sealed
FROM case_content WHERE person_id = ?1 AND case_id = ?2;

-- name: case_guard tag: single
SELECT version, state, holder, hold_until, office, deadline, kind, created, number_claim
FROM cases WHERE person_id = ?1 AND case_id = ?2;

-- name: case_move tag: single
UPDATE cases SET state = ?4, office = ?5, holder = ?6, hold_until = ?7, version = ?3 + 1, updated = ?8,
	deadline = ?9, number_claim = ?10, act_id = ?11, regime = coalesce(?12, regime), band = coalesce(?13, band),
	reported = coalesce(nullif(?14, 0), reported)
WHERE person_id = ?1 AND case_id = ?2 AND version = ?3;

-- name: case_hold tag: single
UPDATE cases SET holder = ?4, hold_until = ?5 WHERE person_id = ?1 AND case_id = ?2 AND version = ?3
	AND (holder IS NULL OR holder = ?6 OR hold_until <= ?7);

-- name: case_reseal tag: single
UPDATE case_content SET sealed_version = ?3, sealed = ?4 WHERE person_id = ?1 AND case_id = ?2;

-- name: case_version_keep tag: single
INSERT INTO case_version (person_id, case_id, version, sealed)
SELECT person_id, case_id, sealed_version, sealed FROM case_content WHERE person_id = ?1 AND case_id = ?2;

-- name: case_version_get tag: single
SELECT version, sealed FROM case_version WHERE person_id = ?1 AND case_id = ?2 AND version <= ?3
ORDER BY version DESC LIMIT 1;

-- name: case_restate tag: single
UPDATE case_content SET statistics_version = ?3, statistics_sealed = ?4 WHERE person_id = ?1 AND case_id = ?2;

-- name: case_reindex tag: single
UPDATE case_content SET index_sealed = ?3 WHERE person_id = ?1 AND case_id = ?2;

-- name: case_number tag: single
UPDATE case_content SET number_sealed = ?3 WHERE person_id = ?1 AND case_id = ?2;

-- name: transition_add tag: single
INSERT INTO transition (person_id, case_id, version, name, from_state, to_state, staff_id, at, note_sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: transition_list tag: single
SELECT version, name, from_state, to_state, staff_id, at, note_sealed
FROM transition WHERE person_id = ?1 AND case_id = ?2 ORDER BY version DESC LIMIT ?3;

-- name: transition_count_family tag: single
SELECT count(*) FROM transition WHERE person_id = ?1 AND case_id = ?2 AND name = ?3 AND staff_id IS NULL;

-- name: ticket_get tag: single
SELECT office, state, deadline FROM queue_ticket WHERE person_id = ?1 AND case_id = ?2;

-- name: ticket_put tag: single
INSERT INTO queue_ticket (person_id, case_id, office, state, deadline, waits) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (person_id, case_id) DO UPDATE
SET office = excluded.office, state = excluded.state, deadline = excluded.deadline, waits = excluded.waits;

-- name: ticket_collect tag: single
UPDATE queue_ticket SET waits = 0 WHERE person_id = ?1 AND case_id = ?2 AND waits = 1;

-- name: ticket_drop tag: single
DELETE FROM queue_ticket WHERE person_id = ?1 AND case_id = ?2;

-- name: queue_add tag: office
INSERT INTO work_queue (office, state, deadline, case_id, person_id, home, kind, created, waits)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (office, state, deadline, case_id) DO NOTHING;

-- name: queue_drop tag: office
DELETE FROM work_queue WHERE office = ?1 AND state = ?2 AND deadline = ?3 AND case_id = ?4;

-- name: queue_office tag: office
SELECT person_id, case_id, home, state, kind, deadline, created FROM work_queue
WHERE office = ?1 AND ((?2 IS NULL AND waits = 0) OR state = ?2) AND (deadline, case_id) > (?3, ?4)
ORDER BY deadline, case_id LIMIT ?5;

-- name: queue_subtree tag: fanout
SELECT DISTINCT person_id, case_id, home, state, kind, deadline, created FROM work_queue
WHERE (office = ?1 OR (office >= ?1 || '/' AND office < ?1 || '0'))
	AND ((?2 IS NULL AND waits = 0) OR state = ?2) AND (deadline, case_id) > (?3, ?4)
ORDER BY deadline, case_id LIMIT ?5;

-- name: due_put tag: single
INSERT INTO case_due (person_id, case_id, deadline) VALUES (?1, ?2, ?3);

-- name: due_drop tag: single
DELETE FROM case_due WHERE person_id = ?1 AND case_id = ?2;

-- name: due_list tag: fanout
SELECT person_id, case_id, deadline FROM case_due
WHERE deadline < ?1 AND (deadline, case_id) > (?2, ?3) ORDER BY deadline, case_id LIMIT ?4;
