-- SPDX-License-Identifier: MPL-2.0
-- The logical schema. script/gen_sql.py turns it into each engine's dialect and
-- refuses to build what would not fit all of them.
--
-- This is the first state and stays as it is (sql/frozen): whatever comes later is
-- a file in sql/steps, "0002-what.sql", with one statement that goes forward.
--
-- Before each table, one tag line:   -- table: PLACEMENT DATABASE [compact]
--   PLACEMENT  owned      by person_id, which leads the primary key
--              claim      by the value claimed, which leads the primary key
--              office     by office; work queues can be rebuilt from cases
--              log        by log_id; one writer
--              reference  small, copied everywhere
--              local      this engine only
--   DATABASE   main or blob, files of their own on SQLite
--   compact    short rows, kept inside the key's tree (SQLite: WITHOUT ROWID)
--
-- Types: id = 16 bytes, hash = 32 bytes, fixed8, fixed64, bytes, text, int
-- (64 bits; times are UTC microseconds). Every constraint has a name. No
-- triggers, sequences, defaults or functions of time and chance. Foreign keys
-- go to the same person or to a reference table, never to another person.

-- table: local main compact
CREATE TABLE migration (
	version int NOT NULL,
	checksum hash NOT NULL,
	at int NOT NULL,
	CONSTRAINT migration_pk PRIMARY KEY (version)
);

-- table: local blob compact
CREATE TABLE blob_migration (
	version int NOT NULL,
	checksum hash NOT NULL,
	at int NOT NULL,
	CONSTRAINT blob_migration_pk PRIMARY KEY (version)
);

-- table: local main compact
CREATE TABLE meta (
	key text NOT NULL,
	value text NOT NULL,
	CONSTRAINT meta_pk PRIMARY KEY (key)
);

-- A unit under one code has a row for each name, parent and law it ever had.
-- table: reference main compact
CREATE TABLE place (
	code text NOT NULL,
	valid_from text NOT NULL,
	valid_to text NOT NULL,
	parent text NOT NULL,
	level text NOT NULL,
	name_native text NOT NULL,
	name_latin text NOT NULL,
	unit_native text NOT NULL,
	unit_latin text NOT NULL,
	law text NOT NULL,
	CONSTRAINT place_pk PRIMARY KEY (code, valid_from)
);
CREATE INDEX place_parent ON place (parent, code);

-- What a unit became: renamed, split, merged or moved.
-- table: reference main compact
CREATE TABLE place_change (
	from_code text NOT NULL,
	to_code text NOT NULL,
	day text NOT NULL,
	kind text NOT NULL,
	law text NOT NULL,
	CONSTRAINT place_change_pk PRIMARY KEY (from_code, to_code, day)
);
CREATE INDEX place_change_to ON place_change (to_code, from_code, day);

-- table: reference main compact
CREATE TABLE office (
	scope text NOT NULL,
	code text NOT NULL,
	kind text NOT NULL,
	name_native text NOT NULL,
	name_latin text NOT NULL,
	place text NOT NULL,
	active int NOT NULL,
	CONSTRAINT office_pk PRIMARY KEY (scope)
);

-- How an office works from a day on: with paper books, electronically…
-- table: reference main compact
CREATE TABLE office_regime (
	scope text NOT NULL,
	valid_from text NOT NULL,
	regime text NOT NULL,
	CONSTRAINT office_regime_pk PRIMARY KEY (scope, valid_from),
	CONSTRAINT office_regime_office FOREIGN KEY (scope) REFERENCES office (scope)
);

-- What stands in clear about a case. `about`: the act that it speaks of; `reported`: the moment to which lateness counts.
-- table: owned main
CREATE TABLE cases (
	person_id id NOT NULL,
	case_id id NOT NULL,
	kind text NOT NULL,
	regime text NOT NULL,
	band text NOT NULL,
	about id,
	state text NOT NULL,
	office text NOT NULL,
	language text NOT NULL,
	holder id,
	hold_until int NOT NULL,
	version int NOT NULL,
	created int NOT NULL,
	reported int NOT NULL,
	updated int NOT NULL,
	deadline int NOT NULL,
	tracking_code text NOT NULL,
	tracking_hash hash NOT NULL,
	pack_hash hash NOT NULL,
	number_claim hash,
	act_id id,
	CONSTRAINT cases_pk PRIMARY KEY (person_id, case_id),
	CONSTRAINT cases_office FOREIGN KEY (office) REFERENCES office (scope),
	CONSTRAINT cases_version CHECK (version > 0)
);

-- What is sealed of it, apart, so that a change of state does not rewrite it.
-- table: owned main
CREATE TABLE case_content (
	person_id id NOT NULL,
	case_id id NOT NULL,
	sealed_version int NOT NULL,
	sealed bytes NOT NULL,
	index_sealed bytes,
	number_sealed bytes,
	statistics_version int NOT NULL,
	statistics_sealed bytes,
	CONSTRAINT case_content_pk PRIMARY KEY (person_id, case_id),
	CONSTRAINT case_content_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);

-- Declarations that were amended, by the version they were sealed for.
-- table: owned main
CREATE TABLE case_version (
	person_id id NOT NULL,
	case_id id NOT NULL,
	version int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT case_version_pk PRIMARY KEY (person_id, case_id, version),
	CONSTRAINT case_version_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);

-- table: owned main compact
CREATE TABLE transition (
	person_id id NOT NULL,
	case_id id NOT NULL,
	version int NOT NULL,
	name text NOT NULL,
	from_state text NOT NULL,
	to_state text NOT NULL,
	staff_id id,
	at int NOT NULL,
	note_sealed bytes,
	CONSTRAINT transition_pk PRIMARY KEY (person_id, case_id, version),
	CONSTRAINT transition_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);

-- Open cases by the office that has to act; and those that have ended, of which something waits to be collected (waits = 1).
-- table: office main compact
CREATE TABLE work_queue (
	office text NOT NULL,
	state text NOT NULL,
	deadline int NOT NULL,
	case_id id NOT NULL,
	person_id id NOT NULL,
	home text NOT NULL,
	kind text NOT NULL,
	created int NOT NULL,
	waits int NOT NULL,
	CONSTRAINT work_queue_pk PRIMARY KEY (office, state, deadline, case_id)
);

-- Where a case stands in the queue, so that it can be taken out again.
-- table: owned main compact
CREATE TABLE queue_ticket (
	person_id id NOT NULL,
	case_id id NOT NULL,
	office text NOT NULL,
	state text NOT NULL,
	deadline int NOT NULL,
	waits int NOT NULL,
	CONSTRAINT queue_ticket_pk PRIMARY KEY (person_id, case_id),
	CONSTRAINT queue_ticket_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);

-- Cases that the system itself moves when their deadline has passed.
-- table: owned main compact
CREATE TABLE case_due (
	person_id id NOT NULL,
	case_id id NOT NULL,
	deadline int NOT NULL,
	CONSTRAINT case_due_pk PRIMARY KEY (person_id, case_id),
	CONSTRAINT case_due_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);
CREATE INDEX case_due_deadline ON case_due (deadline, case_id);

-- table: owned main
CREATE TABLE act (
	person_id id NOT NULL,
	seq int NOT NULL,
	act_id id NOT NULL,
	case_id id NOT NULL,
	kind text NOT NULL,
	staff_id id NOT NULL,
	at int NOT NULL,
	commitment hash NOT NULL,
	previous hash,
	corrects id,
	signature fixed64 NOT NULL,
	key_id fixed8 NOT NULL,
	pack_hash hash NOT NULL,
	office text NOT NULL,
	paper int NOT NULL,
	register text NOT NULL,
	year int NOT NULL,
	book int NOT NULL,
	serial int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT act_pk PRIMARY KEY (person_id, seq),
	CONSTRAINT act_seq CHECK (seq > 0)
);

-- Fields that only statistics need; never part of the act. Sealed for the case
-- that led to it, and for this version of it.
-- table: owned main
CREATE TABLE statistic (
	person_id id NOT NULL,
	act_id id NOT NULL,
	case_id id NOT NULL,
	version int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT statistic_pk PRIMARY KEY (person_id, act_id)
);

-- table: owned main compact
CREATE TABLE document (
	person_id id NOT NULL,
	act_id id NOT NULL,
	copy_no int NOT NULL,
	document_id id NOT NULL,
	kind text NOT NULL,
	language text NOT NULL,
	issued_at int NOT NULL,
	staff_id id NOT NULL,
	status_list int NOT NULL,
	status_index int NOT NULL,
	CONSTRAINT document_pk PRIMARY KEY (person_id, act_id, copy_no)
);

-- table: owned main compact
CREATE TABLE attachment (
	person_id id NOT NULL,
	case_id id NOT NULL,
	attachment_id id NOT NULL,
	kind text NOT NULL,
	media_type text NOT NULL,
	length int NOT NULL,
	pieces int NOT NULL,
	sealed_version int NOT NULL,
	at int NOT NULL,
	CONSTRAINT attachment_pk PRIMARY KEY (person_id, case_id, attachment_id),
	CONSTRAINT attachment_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);

-- Entries of the register's own books have gapless serials, each book a row
-- below. Those of paper books (paper = 1) carry what was written there.
-- table: office main compact
CREATE TABLE entry (
	office text NOT NULL,
	paper int NOT NULL,
	register text NOT NULL,
	year int NOT NULL,
	book int NOT NULL,
	serial int NOT NULL,
	person_id id NOT NULL,
	act_id id NOT NULL,
	CONSTRAINT entry_pk PRIMARY KEY (office, paper, register, year, book, serial),
	CONSTRAINT entry_serial CHECK (serial > 0),
	CONSTRAINT entry_paper CHECK (paper IN (0, 1))
);

-- table: office main compact
CREATE TABLE book (
	office text NOT NULL,
	register text NOT NULL,
	year int NOT NULL,
	book int NOT NULL,
	next_serial int NOT NULL,
	CONSTRAINT book_pk PRIMARY KEY (office, register, year, book)
);

-- Statistics are counters raised with what they count. month: "2026-11";
-- sex: m, f, u or - where it is not asked.
-- table: office main compact
CREATE TABLE counter (
	office text NOT NULL,
	month text NOT NULL,
	name text NOT NULL,
	sex text NOT NULL,
	n int NOT NULL,
	CONSTRAINT counter_pk PRIMARY KEY (office, month, name, sex),
	CONSTRAINT counter_n CHECK (n > 0),
	CONSTRAINT counter_sex CHECK (sex IN ('m', 'f', 'u', '-'))
);

-- Devices that an office works with away from its network: what each said of itself when it was last heard, and no more. day:
-- "2026-11-22"; waiting: what it had finished and not yet sent.
-- table: office main compact
CREATE TABLE device (
	office text NOT NULL,
	device_id id NOT NULL,
	label text NOT NULL,
	waiting int NOT NULL,
	day text NOT NULL,
	CONSTRAINT device_pk PRIMARY KEY (office, device_id),
	CONSTRAINT device_waiting CHECK (waiting >= 0)
);

-- Everything that must be unique, on every engine in the same way. Kinds:
-- case, act, document (val = id), tracking (val = code), number (val = the
-- vault's token for it; state reserved, active or retired).
-- table: claim main compact
CREATE TABLE claim (
	val bytes NOT NULL,
	kind text NOT NULL,
	person_id id NOT NULL,
	object_id id NOT NULL,
	state text NOT NULL,
	CONSTRAINT claim_pk PRIMARY KEY (val, kind)
);

-- table: claim main compact
CREATE TABLE request (
	principal text NOT NULL,
	key text NOT NULL,
	body_hash hash NOT NULL,
	at int NOT NULL,
	status int NOT NULL,
	person_id id NOT NULL,
	resource id NOT NULL,
	version int NOT NULL,
	state text NOT NULL,
	response bytes NOT NULL,
	CONSTRAINT request_pk PRIMARY KEY (principal, key)
);
CREATE INDEX request_at ON request (at);

-- Pending until it has an epoch and a place in it; log_id is "acts". The leaf
-- that ties an epoch to the one before has the epoch's number for its act_id.
-- table: log main compact
CREATE TABLE leaf (
	log_id text NOT NULL,
	act_id id NOT NULL,
	person_id id NOT NULL,
	commitment hash NOT NULL,
	queued int NOT NULL,
	epoch int,
	place int,
	CONSTRAINT leaf_pk PRIMARY KEY (log_id, act_id),
	CONSTRAINT leaf_place UNIQUE (log_id, epoch, place),
	CONSTRAINT leaf_whole CHECK ((epoch IS NULL) = (place IS NULL))
);

-- fence grows with each who takes the sequencer's place, beat with each sign of life of the one who holds it; holder: a
-- number that this one drew, NULL when it gave the place up.
-- table: log main compact
CREATE TABLE log_head (
	log_id text NOT NULL,
	epoch int NOT NULL,
	size int NOT NULL,
	root hash NOT NULL,
	frontier bytes NOT NULL,
	fence int NOT NULL,
	beat int NOT NULL,
	holder id,
	CONSTRAINT log_head_pk PRIMARY KEY (log_id, epoch)
);

-- table: log main compact
CREATE TABLE checkpoint (
	log_id text NOT NULL,
	epoch int NOT NULL,
	size int NOT NULL,
	note bytes NOT NULL,
	at int NOT NULL,
	CONSTRAINT checkpoint_pk PRIMARY KEY (log_id, epoch, size)
);

-- Acts that replace or end others, until the documents' status says so too;
-- log_id is "acts".
-- table: log main compact
CREATE TABLE supersede_task (
	log_id text NOT NULL,
	queued int NOT NULL,
	act_id id NOT NULL,
	person_id id NOT NULL,
	CONSTRAINT supersede_task_pk PRIMARY KEY (log_id, queued, act_id)
);

-- What the matcher reads, in order; log_id is "index".
-- table: log main compact
CREATE TABLE feed (
	log_id text NOT NULL,
	pos int NOT NULL,
	person_id id NOT NULL,
	object_id id NOT NULL,
	kind int NOT NULL,
	version int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT feed_pk PRIMARY KEY (log_id, pos)
);

-- What waits for its place there, where several write at once and none can know which is the next.
-- table: log main compact
CREATE TABLE feed_task (
	log_id text NOT NULL,
	queued int NOT NULL,
	object_id id NOT NULL,
	kind int NOT NULL,
	version int NOT NULL,
	person_id id NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT feed_task_pk PRIMARY KEY (log_id, queued, object_id, kind)
);

-- table: claim blob compact
CREATE TABLE upload (
	upload_id id NOT NULL,
	person_id id NOT NULL,
	case_id id NOT NULL,
	principal text NOT NULL,
	kind text NOT NULL,
	media_type text NOT NULL,
	length int NOT NULL,
	received int NOT NULL,
	pieces int NOT NULL,
	created int NOT NULL,
	expires int NOT NULL,
	done int NOT NULL,
	CONSTRAINT upload_pk PRIMARY KEY (upload_id)
);
CREATE INDEX upload_case ON upload (person_id, case_id, done);
CREATE INDEX upload_expires ON upload (expires, upload_id);

-- table: owned blob
CREATE TABLE piece (
	person_id id NOT NULL,
	blob_id id NOT NULL,
	piece int NOT NULL,
	plain_len int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT piece_pk PRIMARY KEY (person_id, blob_id, piece)
);
