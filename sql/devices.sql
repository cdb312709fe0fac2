-- SPDX-License-Identifier: MPL-2.0

-- name: device_get tag: office
SELECT label, waiting, day FROM device WHERE office = ?1 AND device_id = ?2;

-- name: device_count tag: office
SELECT count(*) FROM device WHERE office = ?1;

-- name: device_put tag: office
INSERT INTO device (office, device_id, label, waiting, day) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (office, device_id) DO UPDATE SET label = excluded.label, waiting = excluded.waiting, day = excluded.day;

-- name: device_drop tag: office
DELETE FROM device WHERE office = ?1 AND device_id = ?2;

-- All of an office's own, and of those below only what was last heard on that day or before.
-- name: device_list tag: fanout
SELECT office, device_id, label, waiting, day FROM device
WHERE (office, device_id) > (?4, ?5) AND office < ?1 || '0' AND (office = ?1 OR office >= ?1 || '/')
	AND (office = ?2 OR day <= ?3)
ORDER BY office, device_id LIMIT ?6;
