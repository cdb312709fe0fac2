-- SPDX-License-Identifier: MPL-2.0

-- name: meta_get tag: local
SELECT val FROM meta WHERE name = ?1;

-- name: meta_put tag: local
INSERT INTO meta (name, val) VALUES (?1, ?2);

-- name: kek_get tag: local
SELECT wrapped, commitment, kek_id FROM kek WHERE kek_id = ?1;

-- name: kek_by_region tag: local
SELECT wrapped, commitment, kek_id FROM kek WHERE region = ?1 ORDER BY kek_id DESC LIMIT 1;

-- name: kek_max tag: local
SELECT coalesce(max(kek_id), 0) FROM kek;

-- name: kek_put tag: local
INSERT INTO kek (kek_id, region, wrapped, commitment, created_us) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: key_get tag: local
SELECT kek_id, case_id, wrapped, commitment, scope, secret FROM person_key WHERE person_id = ?1 AND key_no = ?2;

-- name: key_put tag: local
INSERT INTO person_key (person_id, key_no, kek_id, case_id, wrapped, commitment, created_us, made_by, scope, secret,
moved_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: key_made_by tag: local
-- the office that declared, and whether the case has come as far as a personal number
SELECT made_by, EXISTS (SELECT 1 FROM number n WHERE n.person_id = k.person_id) FROM person_key k WHERE person_id = ?1
AND key_no = ?2;

-- name: key_completed tag: local
UPDATE person_key SET made_by = '' WHERE person_id = ?1 AND key_no = ?2 AND made_by <> ?3 AND made_by <> '';

-- name: key_moved_by tag: local
SELECT moved_by FROM person_key WHERE person_id = ?1 AND key_no = ?2;

-- name: key_move tag: local
UPDATE person_key SET scope = ?3, moved_by = ?4 WHERE person_id = ?1 AND key_no = ?2;

-- name: key_bound tag: local
-- what binds a person to their office: a number, an act
SELECT EXISTS (SELECT 1 FROM number WHERE person_id = ?1) OR EXISTS (SELECT 1 FROM act_chain WHERE person_id = ?1);

-- name: signing_put tag: local
INSERT INTO signing_key (use, key_id, wrapped, public, certificate, from_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: signing_all tag: local
SELECT use, key_id, wrapped, public, certificate, from_us, to_us FROM signing_key ORDER BY use, from_us, key_id;

-- name: parcel_keys tag: local
SELECT key_id, public, from_us FROM signing_key WHERE use = ?1 ORDER BY from_us, key_id;

-- name: parcel_key tag: local
SELECT wrapped FROM signing_key WHERE use = ?1 AND key_id = ?2;
