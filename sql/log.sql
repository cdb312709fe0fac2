-- SPDX-License-Identifier: MPL-2.0

-- name: leaf_add tag: log
INSERT INTO leaf (log_id, act_id, person_id, commitment, queued, epoch, place)
VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL)
ON CONFLICT (log_id, act_id) DO NOTHING;

-- name: leaf_first tag: log
INSERT INTO leaf (log_id, act_id, person_id, commitment, queued, epoch, place)
VALUES (?1, ?2, ?3, ?4, 0, ?5, 0);

-- name: leaf_pending tag: log
SELECT act_id, person_id, commitment FROM leaf WHERE log_id = ?1 AND epoch IS NULL
ORDER BY queued, act_id LIMIT ?2;

-- name: leaf_place tag: log
UPDATE leaf SET epoch = ?3, place = ?4 WHERE log_id = ?1 AND act_id = ?2 AND epoch IS NULL AND commitment = ?5;

-- name: leaf_get tag: log
SELECT person_id, commitment, epoch, place FROM leaf WHERE log_id = ?1 AND act_id = ?2;

-- name: leaf_placed tag: log
SELECT act_id, person_id, commitment, place FROM leaf WHERE log_id = ?1 AND epoch = ?2 AND place >= ?3
ORDER BY place LIMIT ?4;

-- name: head_get tag: log
SELECT size, root, frontier, fence, beat, holder FROM log_head WHERE log_id = ?1 AND epoch = ?2;

-- name: head_newest tag: log
SELECT max(epoch) FROM log_head WHERE log_id = ?1;

-- name: head_add tag: log
INSERT INTO log_head (log_id, epoch, size, root, frontier, fence, beat, holder) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, NULL);

-- name: head_take tag: log
UPDATE log_head SET fence = fence + 1, beat = beat + 1, holder = ?5
WHERE log_id = ?1 AND epoch = ?2 AND fence = ?3 AND (beat = ?4 OR holder = ?5);

-- name: head_beat tag: log
UPDATE log_head SET beat = beat + 1 WHERE log_id = ?1 AND epoch = ?2 AND fence = ?3 AND holder = ?4;

-- name: head_leave tag: log
UPDATE log_head SET beat = beat + 1, holder = NULL WHERE log_id = ?1 AND epoch = ?2 AND fence = ?3 AND holder = ?4;

-- name: head_move tag: log
UPDATE log_head SET size = ?5, root = ?6, frontier = ?7, beat = beat + 1
WHERE log_id = ?1 AND epoch = ?2 AND size = ?3 AND fence = ?4;

-- name: checkpoint_add tag: log
INSERT INTO checkpoint (log_id, epoch, size, note, at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (log_id, epoch, size) DO NOTHING;

-- name: checkpoint_newest tag: log
SELECT max(epoch) FROM checkpoint WHERE log_id = ?1;

-- name: checkpoint_last tag: log
SELECT size, note FROM checkpoint WHERE log_id = ?1 AND epoch = ?2 ORDER BY size DESC LIMIT 1;

-- name: feed_last tag: log
SELECT max(pos) FROM feed WHERE log_id = ?1;

-- name: feed_add tag: log
INSERT INTO feed (log_id, pos, person_id, object_id, kind, version, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: feed_task_add tag: log
INSERT INTO feed_task (log_id, queued, object_id, kind, version, person_id, sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (log_id, queued, object_id, kind) DO NOTHING;

-- name: feed_task_list tag: log
SELECT queued, person_id, object_id, kind, version, sealed FROM feed_task WHERE log_id = ?1
ORDER BY queued, object_id, kind LIMIT ?2;

-- name: feed_task_drop tag: log
DELETE FROM feed_task WHERE log_id = ?1 AND queued = ?2 AND object_id = ?3 AND kind = ?4;

-- name: feed_after tag: log
SELECT pos, person_id, object_id, kind, version, sealed FROM feed WHERE log_id = ?1 AND pos > ?2
ORDER BY pos LIMIT ?3;

-- name: supersede_add tag: log
INSERT INTO supersede_task (log_id, queued, act_id, person_id) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (log_id, queued, act_id) DO NOTHING;

-- name: supersede_after tag: log
SELECT queued, act_id, person_id FROM supersede_task WHERE log_id = ?1 AND (queued, act_id) > (?2, ?3)
ORDER BY queued, act_id LIMIT ?4;

-- name: supersede_drop tag: log
DELETE FROM supersede_task WHERE log_id = ?1 AND queued = ?2 AND act_id = ?3;
