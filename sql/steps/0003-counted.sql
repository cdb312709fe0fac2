-- SPDX-License-Identifier: MPL-2.0
-- On a sharded server alone: what has been counted of late, as a counter cannot be asked for whom it was raised.
-- table: office main compact
CREATE TABLE counted (
	office text NOT NULL,
	token id NOT NULL,
	at int NOT NULL,
	CONSTRAINT counted_pk PRIMARY KEY (office, token)
);
