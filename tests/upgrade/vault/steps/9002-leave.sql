-- SPDX-License-Identifier: MPL-2.0
-- table: local main compact
CREATE TABLE leave (
	staff_id id NOT NULL,
	from_us int NOT NULL,
	to_us int,
	CONSTRAINT leave_pk PRIMARY KEY (staff_id, from_us),
	CONSTRAINT leave_staff FOREIGN KEY (staff_id) REFERENCES staff (staff_id)
);
