-- SPDX-License-Identifier: MPL-2.0
-- What a vault asks on a server, where others may write beside it.

-- name: round_put tag: local
INSERT INTO round (vault_id, n, at_us) VALUES (?1, ?2, ?3)
ON CONFLICT (vault_id) DO UPDATE SET n = excluded.n, at_us = excluded.at_us;

-- name: round_wait tag: local
-- Waits for a round that is still being committed.
INSERT INTO round (vault_id, n, at_us) VALUES (?1, 0, ?2)
ON CONFLICT (vault_id) DO UPDATE SET at_us = excluded.at_us;

-- name: round_get tag: local
SELECT n FROM round WHERE vault_id = ?1;

-- name: round_sweep tag: local
DELETE FROM round WHERE at_us < ?1;

-- name: session_get tag: local
SELECT s.staff_id, s.name, s.display_native, s.display_latin, s.role, s.scope, s.quota_factor, s.active, x.used_us, x.expires_us
FROM session x JOIN staff s ON s.staff_id = x.staff_id WHERE x.id_hash = ?1;

-- name: session_count tag: local
SELECT count(*), coalesce(max(used_us), 0) FROM session WHERE staff_id = ?1 AND expires_us > ?2 AND used_us >= ?3;

-- name: key_scope tag: local
SELECT scope FROM person_key WHERE person_id = ?1 AND key_no = ?2;

-- name: key_lock tag: local
-- Until the round ends nobody else decides anything about the person.
UPDATE person_key SET scope = scope WHERE person_id = ?1 AND key_no = ?2;

-- name: quota_lease tag: local
INSERT INTO quota (staff_id, day, kind, purpose, n) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (staff_id, day, kind, purpose) DO UPDATE SET n = quota.n + excluded.n WHERE quota.n + excluded.n <= ?6;

-- name: quota_give_back tag: local
UPDATE quota SET n = n - ?5 WHERE staff_id = ?1 AND day = ?2 AND kind = ?3 AND purpose = ?4 AND n >= ?5;

-- name: fuse_lease tag: local
-- The hour only goes on: a vault whose clock is behind counts in the one that another has begun.
UPDATE fuse SET n = CASE WHEN hour >= ?1 THEN n ELSE 0 END + ?2, hour = CASE WHEN hour >= ?1 THEN hour ELSE ?1 END
WHERE id = 1 AND blown = 0 AND CASE WHEN hour >= ?1 THEN n ELSE 0 END + ?2 <= per_hour;

-- name: fuse_blow tag: local
UPDATE fuse SET blown = 1 WHERE id = 1 AND hour >= ?1 AND n >= per_hour;
