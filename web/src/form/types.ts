// SPDX-License-Identifier: MPL-2.0
// A country's pack, by the names that forms use for it.
export type {
  Country, CountryField as Field, CountryForm as FormShape, CountryKind as Kind, CountryPage as Page,
} from "../api/types";
import type { CountryRules } from "../api/types";

export type Rule = CountryRules[number];
