-- SPDX-License-Identifier: MPL-2.0
-- What `civis check` reads: everything, in bounded steps behind a key.

-- name: check_acts tag: fanout
SELECT person_id, seq, act_id, commitment, previous, office, paper, register, year, book, serial, sealed, corrects
FROM act WHERE (person_id, seq) > (?1, ?2) ORDER BY person_id, seq LIMIT ?3;

-- name: check_entries tag: fanout
SELECT office, paper, register, year, book, serial, person_id, act_id FROM entry
WHERE (office, paper, register, year, book, serial) > (?1, ?2, ?3, ?4, ?5, ?6)
ORDER BY office, paper, register, year, book, serial LIMIT ?7;

-- name: check_books tag: fanout
SELECT office, register, year, book, next_serial FROM book
WHERE (office, register, year, book) > (?1, ?2, ?3, ?4)
ORDER BY office, register, year, book LIMIT ?5;

-- name: check_heads tag: log
SELECT epoch, size, root FROM log_head WHERE log_id = ?1 AND epoch > ?2 ORDER BY epoch LIMIT ?3;

-- name: check_leaves tag: log
SELECT act_id, person_id, commitment, epoch, place FROM leaf WHERE log_id = ?1 AND act_id > ?2
ORDER BY act_id LIMIT ?3;

-- name: check_cases tag: fanout
SELECT person_id, case_id, state, version, act_id, about FROM cases
WHERE (person_id, case_id) > (?1, ?2) ORDER BY person_id, case_id LIMIT ?3;

-- name: check_people tag: fanout
SELECT DISTINCT person_id FROM cases WHERE person_id > ?1 ORDER BY person_id LIMIT ?2;

-- name: check_claims tag: fanout
SELECT val, kind, person_id, object_id, state FROM claim WHERE (val, kind) > (?1, ?2) ORDER BY val, kind LIMIT ?3;

-- name: check_counters tag: fanout
SELECT office, month, name, sex, n FROM counter WHERE (office, month, name, sex) > (?1, ?2, ?3, ?4)
ORDER BY office, month, name, sex LIMIT ?5;

-- name: check_due tag: fanout
SELECT person_id, case_id, deadline FROM case_due WHERE (person_id, case_id) > (?1, ?2)
ORDER BY person_id, case_id LIMIT ?3;
