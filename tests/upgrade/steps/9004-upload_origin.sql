-- SPDX-License-Identifier: MPL-2.0
ALTER TABLE upload ADD COLUMN origin id;
