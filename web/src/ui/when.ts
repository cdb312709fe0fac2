// SPDX-License-Identifier: MPL-2.0
// Instants and days that a screen speaks of, in words of the reader's language and by this device's clock.
import { dateText, instantText } from "../base/dates";
import { dateWords } from "../form/country";
import { language } from "../words/words";

/** Milliseconds since 1970 as a day and a time of day. */
export const whenText = (ms: number): string =>
  instantText(new Date(ms).toISOString(), dateWords(), language.get(), -new Date(ms).getTimezoneOffset(), true);

/** "2026-11-02" in words. */
export const dayText = (day: string): string => dateText(day, dateWords(), language.get());
