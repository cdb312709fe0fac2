-- SPDX-License-Identifier: MPL-2.0
-- Invented, like all steps here: no register has them.
ALTER TABLE cases ADD COLUMN mark text;
