-- SPDX-License-Identifier: MPL-2.0

-- name: act_last tag: single
SELECT seq, commitment FROM act WHERE person_id = ?1 ORDER BY seq DESC LIMIT 1;

-- name: act_add tag: single
INSERT INTO act (person_id, seq, act_id, case_id, kind, staff_id, at, commitment, previous, corrects, signature,
	key_id, pack_hash, office, paper, register, year, book, serial, sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);

-- name: act_list tag: single
SELECT seq, act_id, case_id, kind, staff_id, at, commitment, previous, corrects, signature, key_id, pack_hash,
	office, paper, register, year, book, serial, sealed
FROM act WHERE person_id = ?1 ORDER BY seq LIMIT ?2;

-- name: act_get tag: single
SELECT seq, act_id, case_id, kind, staff_id, at, commitment, previous, corrects, signature, key_id, pack_hash,
	office, paper, register, year, book, serial, sealed
FROM act WHERE person_id = ?1 AND act_id = ?2;

-- name: act_exists tag: single
SELECT 1 FROM act WHERE person_id = ?1 AND act_id = ?2;

-- name: act_case tag: single
SELECT case_id FROM act WHERE person_id = ?1 AND act_id = ?2;

-- name: statistic_take tag: single
INSERT INTO statistic (person_id, act_id, case_id, version, sealed)
SELECT person_id, ?3, case_id, statistics_version, statistics_sealed FROM case_content
WHERE person_id = ?1 AND case_id = ?2 AND statistics_sealed IS NOT NULL;

-- name: book_get tag: office
SELECT book, next_serial FROM book WHERE office = ?1 AND register = ?2 AND year = ?3 ORDER BY book DESC LIMIT 1;

-- name: book_step tag: office
UPDATE book SET next_serial = ?5 + 1
WHERE office = ?1 AND register = ?2 AND year = ?3 AND book = ?4 AND next_serial = ?5;

-- name: book_open tag: office
INSERT INTO book (office, register, year, book, next_serial) VALUES (?1, ?2, ?3, ?4, 2)
ON CONFLICT (office, register, year, book) DO NOTHING;

-- name: entry_add tag: office
INSERT INTO entry (office, paper, register, year, book, serial, person_id, act_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (office, paper, register, year, book, serial) DO NOTHING;

-- name: entry_get tag: office
SELECT person_id, act_id FROM entry
WHERE office = ?1 AND paper = ?2 AND register = ?3 AND year = ?4 AND book = ?5 AND serial = ?6;

-- name: entry_page tag: office
SELECT serial, person_id, act_id FROM entry
WHERE office = ?1 AND paper = ?2 AND register = ?3 AND year = ?4 AND book = ?5 AND serial >= ?6
ORDER BY serial LIMIT ?7;

-- name: counter_raise tag: office
INSERT INTO counter (office, month, name, sex, n) VALUES (?1, ?2, ?3, ?4, 1)
ON CONFLICT (office, month, name, sex) DO UPDATE SET n = counter.n + 1;

-- name: counter_list tag: fanout
SELECT office, month, name, sex, n FROM counter
WHERE (office, month, name, sex) > (?4, ?5, ?6, ?7) AND office < ?1 || '0' AND (office = ?1 OR office >= ?1 || '/')
	AND month >= ?2 AND month <= ?3
ORDER BY office, month, name, sex LIMIT ?8;

-- name: document_last tag: single
SELECT max(copy_no) FROM document WHERE person_id = ?1 AND act_id = ?2;

-- name: document_add tag: single
INSERT INTO document (person_id, act_id, copy_no, document_id, kind, language, issued_at, staff_id, status_list,
	status_index)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: document_list tag: single
SELECT copy_no, document_id, kind, language, issued_at, staff_id, status_list, status_index
FROM document WHERE person_id = ?1 AND act_id = ?2 ORDER BY copy_no LIMIT ?3;
