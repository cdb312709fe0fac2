// SPDX-License-Identifier: MPL-2.0
// Burmese that was typed with a Zawgyi font: the code points of Unicode for other letters. No single letter tells; how letters follow
// each other does (myanmar-tools' model). Fetched only where Burmese is typed.
import { ZawgyiConverter, ZawgyiDetector } from "myanmar-tools";

/** Short names that are right score up to 0.88. */
const SURE = 0.95;

let tools: { detector: ZawgyiDetector; converter: ZawgyiConverter } | undefined;

/** What was meant, as Unicode writes it; null: it is Unicode, or nothing says that it is not. */
export function unicodeOf(text: string): string | null {
  tools ??= { detector: new ZawgyiDetector(), converter: new ZawgyiConverter() };
  if (!(tools.detector.getZawgyiProbability(text) >= SURE)) return null;
  const meant = tools.converter.zawgyiToUnicode(text);
  return meant === text ? null : meant;
}
