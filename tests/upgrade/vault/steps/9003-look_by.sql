-- SPDX-License-Identifier: MPL-2.0
CREATE INDEX look_by ON look (staff_id, at_us);
