-- SPDX-License-Identifier: MPL-2.0
-- table: owned main compact
CREATE TABLE remark (
	person_id id NOT NULL,
	case_id id NOT NULL,
	at int NOT NULL,
	sealed bytes NOT NULL,
	CONSTRAINT remark_pk PRIMARY KEY (person_id, case_id, at),
	CONSTRAINT remark_case FOREIGN KEY (person_id, case_id) REFERENCES cases (person_id, case_id)
);
