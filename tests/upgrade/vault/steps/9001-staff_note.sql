-- SPDX-License-Identifier: MPL-2.0
-- Invented, like all steps here: no vault has them.
ALTER TABLE staff ADD COLUMN note text;
