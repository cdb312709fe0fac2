-- SPDX-License-Identifier: MPL-2.0
CREATE INDEX counted_at ON counted (at);
