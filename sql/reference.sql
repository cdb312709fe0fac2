-- SPDX-License-Identifier: MPL-2.0

-- name: place_put tag: reference
INSERT INTO place (code, parent, level, name_native, name_latin, unit_native, unit_latin, law, valid_from, valid_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (code, valid_from) DO UPDATE SET parent = excluded.parent, level = excluded.level,
	name_native = excluded.name_native, name_latin = excluded.name_latin, unit_native = excluded.unit_native,
	unit_latin = excluded.unit_latin, law = excluded.law, valid_to = excluded.valid_to;

-- name: place_get tag: reference
SELECT code, parent, level, name_native, name_latin, unit_native, unit_latin, law, valid_from, valid_to FROM place
WHERE code = ?1 ORDER BY valid_from DESC LIMIT 1;

-- name: place_on tag: reference
SELECT code, parent, level, name_native, name_latin, unit_native, unit_latin, law, valid_from, valid_to FROM place
WHERE code = ?1 AND valid_from <= ?2 ORDER BY valid_from DESC LIMIT 1;

-- name: place_children tag: reference
SELECT code, parent, level, name_native, name_latin, unit_native, unit_latin, law, valid_from, valid_to FROM place
WHERE parent = ?1 AND code > ?2 AND (?3 IS NULL OR level = ?3)
	AND (?4 IS NULL OR (valid_from <= ?4 AND (valid_to = '' OR valid_to > ?4)))
	AND NOT EXISTS (SELECT 1 FROM place later WHERE later.code = place.code AND later.valid_from > place.valid_from
		AND (?4 IS NULL OR later.valid_from <= ?4))
	AND (?5 IS NULL OR code = ?6 OR name_native LIKE ?5 || '%' ESCAPE '\' OR name_native LIKE '% ' || ?5 || '%' ESCAPE '\'
		OR name_latin LIKE ?5 || '%' ESCAPE '\' OR name_latin LIKE '% ' || ?5 || '%' ESCAPE '\')
ORDER BY code LIMIT ?7;

-- name: place_search tag: reference
SELECT code, parent, level, name_native, name_latin, unit_native, unit_latin, law, valid_from, valid_to FROM place
WHERE code > ?1 AND (?2 IS NULL OR level = ?2)
	AND (?3 IS NULL OR (valid_from <= ?3 AND (valid_to = '' OR valid_to > ?3)))
	AND NOT EXISTS (SELECT 1 FROM place later WHERE later.code = place.code AND later.valid_from > place.valid_from
		AND (?3 IS NULL OR later.valid_from <= ?3))
	AND (?4 IS NULL OR code = ?5 OR name_native LIKE ?4 || '%' ESCAPE '\' OR name_native LIKE '% ' || ?4 || '%' ESCAPE '\'
		OR name_latin LIKE ?4 || '%' ESCAPE '\' OR name_latin LIKE '% ' || ?4 || '%' ESCAPE '\')
ORDER BY code LIMIT ?6;

-- name: place_change_put tag: reference
INSERT INTO place_change (from_code, to_code, day, kind, law) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (from_code, to_code, day) DO UPDATE SET kind = excluded.kind, law = excluded.law;

-- name: place_change_list tag: reference
SELECT from_code, to_code, day, kind, law FROM place_change WHERE from_code = ?1 OR to_code = ?1
ORDER BY day, from_code, to_code LIMIT ?2;

-- name: regime_put tag: reference
INSERT INTO office_regime (scope, valid_from, regime) VALUES (?1, ?2, ?3)
ON CONFLICT (scope, valid_from) DO UPDATE SET regime = excluded.regime;

-- name: regime_on tag: reference
SELECT regime FROM office_regime WHERE scope = ?1 AND valid_from <= ?2 ORDER BY valid_from DESC LIMIT 1;

-- name: office_put tag: reference
INSERT INTO office (scope, code, kind, name_native, name_latin, place, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (scope) DO UPDATE SET code = excluded.code, kind = excluded.kind, name_native = excluded.name_native,
	name_latin = excluded.name_latin, place = excluded.place, active = excluded.active;

-- name: office_get tag: reference
SELECT scope, code, kind, name_native, name_latin, place, active FROM office WHERE scope = ?1;

-- name: office_subtree tag: reference
SELECT scope, code, kind, name_native, name_latin, place, active FROM office
WHERE (scope = ?1 OR (scope >= ?1 || '/' AND scope < ?1 || '0')) AND scope > ?2
ORDER BY scope LIMIT ?3;
