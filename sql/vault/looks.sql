-- SPDX-License-Identifier: MPL-2.0

-- name: look_max tag: local
SELECT coalesce(max(look_no), 0) FROM look WHERE person_id = ?1;

-- name: look_put tag: local
-- Nothing: another vault took the number meanwhile.
INSERT INTO look (person_id, look_no, at_us, staff_id, role, scope, purpose, kind, object_id) VALUES (?1, ?2, ?3, ?4,
?5, ?6, ?7, ?8, ?9)
ON CONFLICT (person_id, look_no) DO NOTHING;

-- name: look_list tag: local
SELECT l.look_no, l.at_us, l.staff_id, l.role, l.purpose, l.kind, l.object_id, l.scope, s.display_native,
s.display_latin FROM look l LEFT JOIN staff s ON s.staff_id = l.staff_id WHERE l.person_id = ?1 AND l.look_no > ?2
ORDER BY l.look_no LIMIT ?3;

-- name: quota_get tag: local
SELECT n FROM quota WHERE staff_id = ?1 AND day = ?2 AND kind = ?3 AND purpose = ?4;

-- name: quota_put tag: local
INSERT INTO quota (staff_id, day, kind, purpose, n) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (staff_id, day, kind,
purpose) DO UPDATE SET n = excluded.n;

-- name: fuse_get tag: local
SELECT per_hour, hour, n, blown FROM fuse WHERE id = 1;

-- name: fuse_put tag: local
UPDATE fuse SET hour = ?1, n = ?2, blown = ?3 WHERE id = 1;

-- name: fuse_reset tag: local
UPDATE fuse SET per_hour = CASE WHEN ?1 > 0 THEN ?1 ELSE per_hour END, n = 0, blown = 0 WHERE id = 1;

-- name: fuse_make tag: local
INSERT INTO fuse (id, per_hour, hour, n, blown) VALUES (1, ?1, 0, 0, 0);
