-- SPDX-License-Identifier: MPL-2.0
CREATE INDEX remark_at ON remark (person_id, at);
