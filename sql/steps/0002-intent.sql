-- SPDX-License-Identifier: MPL-2.0
-- On a sharded server alone: what a command wrote elsewhere than with its person, until it is certain that it is there. Hardly
-- ever a row. journal: the statements and their values (database/db.h).
-- table: owned main
CREATE TABLE intent (
	person_id id NOT NULL,
	principal text NOT NULL,
	key text NOT NULL,
	at int NOT NULL,
	tries int NOT NULL,
	journal bytes NOT NULL,
	CONSTRAINT intent_pk PRIMARY KEY (person_id, principal, key)
);
