-- SPDX-License-Identifier: MPL-2.0
-- What the vault keeps: wrapped keys, staff, sessions, looks, quotas, documents, and what it last signed for each log.
-- Nothing about a person stands in it but which random id was looked at by whom. The rules are those of ../schema.sql;
-- all of it lies on one server, whose placement is `local`.

-- table: local main compact
CREATE TABLE migration (
	version int NOT NULL,
	checksum hash NOT NULL,
	at int NOT NULL,
	CONSTRAINT migration_pk PRIMARY KEY (version)
);

-- table: local main compact
CREATE TABLE meta (
	name text NOT NULL,
	val bytes NOT NULL,
	CONSTRAINT meta_pk PRIMARY KEY (name)
);

-- A key-encryption key for each region (first two parts of a scope), wrapped by the root key.
-- table: local main
CREATE TABLE kek (
	kek_id int NOT NULL,
	region text NOT NULL,
	wrapped bytes NOT NULL,
	commitment hash NOT NULL,
	created_us int NOT NULL,
	CONSTRAINT kek_pk PRIMARY KEY (kek_id)
);
CREATE INDEX kek_region ON kek (region);

-- wrapped is empty in the tombstone of a destroyed key. Who seals under it later shows that they belong to this case's
-- office (made_by) or know its secret (a hash, or empty). scope: the office that the person belongs to now; moved_by: the
-- officer who last moved them, or empty.
-- table: local main compact
CREATE TABLE person_key (
	person_id id NOT NULL,
	key_no int NOT NULL,
	kek_id int NOT NULL,
	case_id id NOT NULL,
	wrapped bytes NOT NULL,
	commitment hash NOT NULL,
	created_us int NOT NULL,
	made_by text NOT NULL,
	secret bytes NOT NULL,
	scope text NOT NULL,
	moved_by bytes NOT NULL,
	CONSTRAINT person_key_pk PRIMARY KEY (person_id, key_no),
	CONSTRAINT person_key_kek FOREIGN KEY (kek_id) REFERENCES kek (kek_id)
);

-- table: local main compact
CREATE TABLE staff (
	staff_id id NOT NULL,
	name text NOT NULL,
	display_native text NOT NULL,
	display_latin text NOT NULL,
	role int NOT NULL,
	scope text NOT NULL,
	quota_factor int NOT NULL,
	active int NOT NULL,
	pass text NOT NULL,
	created_us int NOT NULL,
	CONSTRAINT staff_pk PRIMARY KEY (staff_id),
	CONSTRAINT staff_name UNIQUE (name)
);

-- by_id is empty for what was done at the machine.
-- table: local main
CREATE TABLE account_log (
	no int NOT NULL,
	at_us int NOT NULL,
	by_id bytes NOT NULL,
	event int NOT NULL,
	staff_id id NOT NULL,
	CONSTRAINT account_log_pk PRIMARY KEY (no),
	CONSTRAINT account_log_staff FOREIGN KEY (staff_id) REFERENCES staff (staff_id)
);

-- Wrong passphrases in a row. The zero id stands for every name without an account: a failure is a write for either.
-- table: local main compact
CREATE TABLE login_failure (
	staff_id id NOT NULL,
	failures int NOT NULL,
	until_us int NOT NULL,
	CONSTRAINT login_failure_pk PRIMARY KEY (staff_id)
);

-- Only a hash of the token's id: who reads this cannot sign in with it.
-- table: local main compact
CREATE TABLE session (
	id_hash hash NOT NULL,
	staff_id id NOT NULL,
	used_us int NOT NULL,
	expires_us int NOT NULL,
	CONSTRAINT session_pk PRIMARY KEY (id_hash),
	CONSTRAINT session_staff FOREIGN KEY (staff_id) REFERENCES staff (staff_id)
);
CREATE INDEX session_of ON session (staff_id);

-- table: local main compact
CREATE TABLE look (
	person_id id NOT NULL,
	look_no int NOT NULL,
	at_us int NOT NULL,
	staff_id id NOT NULL,
	role int NOT NULL,
	scope text NOT NULL,
	purpose int NOT NULL,
	kind int NOT NULL,
	object_id id NOT NULL,
	CONSTRAINT look_pk PRIMARY KEY (person_id, look_no)
);

-- table: local main compact
CREATE TABLE quota (
	staff_id id NOT NULL,
	day int NOT NULL,
	kind int NOT NULL,
	purpose int NOT NULL,
	n int NOT NULL,
	CONSTRAINT quota_pk PRIMARY KEY (staff_id, day, kind, purpose)
);

-- Of each vault on a server the last round that it committed: one whose connection was lost meanwhile finds out by it.
-- table: local main
CREATE TABLE round (
	vault_id id NOT NULL,
	n int NOT NULL,
	at_us int NOT NULL,
	CONSTRAINT round_pk PRIMARY KEY (vault_id)
);

-- One row.
-- table: local main
CREATE TABLE fuse (
	id int NOT NULL,
	per_hour int NOT NULL,
	hour int NOT NULL,
	n int NOT NULL,
	blown int NOT NULL,
	CONSTRAINT fuse_pk PRIMARY KEY (id),
	CONSTRAINT fuse_one CHECK (id = 1)
);

-- table: local main compact
CREATE TABLE signing_key (
	use int NOT NULL,
	key_id fixed8 NOT NULL,
	wrapped bytes NOT NULL,
	public bytes NOT NULL,
	certificate bytes NOT NULL,
	from_us int NOT NULL,
	to_us int,
	CONSTRAINT signing_key_pk PRIMARY KEY (use, key_id)
);

-- claim is an HMAC of the number: the number itself stands here only sealed.
-- table: local main compact
CREATE TABLE number (
	claim hash NOT NULL,
	person_id id NOT NULL,
	case_id id NOT NULL,
	sealed bytes NOT NULL,
	at_us int NOT NULL,
	retired int NOT NULL,
	CONSTRAINT number_pk PRIMARY KEY (claim),
	CONSTRAINT number_case UNIQUE (person_id, case_id)
);

-- Every act signed. n: the first is 1, one that follows another has its n and 1 more. logged: seen in the log.
-- table: local main compact
CREATE TABLE act_chain (
	person_id id NOT NULL,
	act_id id NOT NULL,
	commitment hash NOT NULL,
	n int NOT NULL,
	logged int NOT NULL,
	status int NOT NULL,
	since_day int NOT NULL,
	CONSTRAINT act_chain_pk PRIMARY KEY (person_id, act_id)
);

-- Codes with which families draw documents: keyed hashes. session: hash of the token's id, empty until it is used.
-- table: local main compact
CREATE TABLE claim (
	code_hash hash NOT NULL,
	person_id id NOT NULL,
	act_id id NOT NULL,
	staff_id id NOT NULL,
	until_us int NOT NULL,
	session bytes NOT NULL,
	session_until_us int NOT NULL,
	serial bytes NOT NULL,
	CONSTRAINT claim_pk PRIMARY KEY (code_hash),
	CONSTRAINT claim_staff FOREIGN KEY (staff_id) REFERENCES staff (staff_id)
);
CREATE INDEX claim_act ON claim (person_id, act_id);
CREATE INDEX claim_session ON claim (session);

-- table: local main compact
CREATE TABLE document (
	serial bytes NOT NULL,
	person_id id NOT NULL,
	act_id id NOT NULL,
	staff_id id NOT NULL,
	at_us int NOT NULL,
	signed_us int NOT NULL,
	list int NOT NULL,
	idx int NOT NULL,
	status int NOT NULL,
	since_day int NOT NULL,
	CONSTRAINT document_pk PRIMARY KEY (serial),
	CONSTRAINT document_place UNIQUE (list, idx)
);
CREATE INDEX document_person ON document (person_id);

-- table: local main compact
CREATE TABLE signed_log (
	origin text NOT NULL,
	size int NOT NULL,
	root hash NOT NULL,
	at_us int NOT NULL,
	first_us int NOT NULL,
	closed int NOT NULL,
	CONSTRAINT signed_log_pk PRIMARY KEY (origin)
);
