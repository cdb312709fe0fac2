-- SPDX-License-Identifier: MPL-2.0

-- name: staff_by_name tag: local
SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active, pass FROM staff WHERE name =
?1;

-- name: staff_by_id tag: local
SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active FROM staff WHERE staff_id = ?1;

-- name: staff_all tag: local
SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active FROM staff ORDER BY name;

-- name: staff_after tag: local
SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active FROM staff s WHERE name > ?1
AND (s.scope = ?2 OR substr(s.scope, 1, length(?2) + 1) = ?2 || '/') ORDER BY name LIMIT ?3;

-- name: staff_put tag: local
INSERT INTO staff (staff_id, name, display_native, display_latin, role, scope, quota_factor, active, pass, created_us)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9);

-- name: staff_disable tag: local
UPDATE staff SET active = 0, pass = '' WHERE name = ?1 AND active = 1;

-- name: failure_get tag: local
SELECT failures, until_us FROM login_failure WHERE staff_id = ?1;

-- name: failure_put tag: local
INSERT INTO login_failure (staff_id, failures, until_us) VALUES (?1, ?2, ?3) ON CONFLICT (staff_id) DO UPDATE SET
failures = excluded.failures, until_us = excluded.until_us;

-- name: account_log_put tag: local
INSERT INTO account_log (no, at_us, by_id, event, staff_id) SELECT coalesce(max(no), 0) + 1, ?1, ?2, ?3, ?4 FROM
account_log;

-- name: account_log tag: local
SELECT l.no, l.at_us, l.by_id, coalesce(b.name, ''), l.event, l.staff_id, s.name, s.role, s.scope FROM account_log l
JOIN staff s ON s.staff_id = l.staff_id LEFT JOIN staff b ON b.staff_id = l.by_id WHERE l.no < ?1 AND (s.scope = ?2 OR
substr(s.scope, 1, length(?2) + 1) = ?2 || '/') ORDER BY l.no DESC LIMIT ?3;

-- name: session_all tag: local
SELECT id_hash, staff_id, used_us, expires_us FROM session WHERE expires_us > ?1;

-- name: session_put tag: local
INSERT INTO session (id_hash, staff_id, used_us, expires_us) VALUES (?1, ?2, ?3, ?4);

-- name: session_used tag: local
UPDATE session SET used_us = ?2 WHERE id_hash = ?1;

-- name: session_end tag: local
DELETE FROM session WHERE id_hash = ?1;

-- name: session_sweep tag: local
DELETE FROM session WHERE expires_us <= ?1;

-- name: session_end_staff tag: local
DELETE FROM session WHERE staff_id IN (SELECT staff_id FROM staff WHERE name = ?1);

-- name: session_end_of tag: local
DELETE FROM session WHERE staff_id = ?1;
