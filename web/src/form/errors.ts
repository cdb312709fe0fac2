// SPDX-License-Identifier: MPL-2.0
// What check() found, as the page shows it: named by its field at the top of the page, and at the field.
import type { FieldError } from "../ui/page";
import type { Wrong } from "./check";
import { controlId } from "./controls";
import { say } from "./country";
import type { Field } from "./types";

const inShort = (w: Wrong): string => say(`field.${w.code}`);

export function fieldErrors(wrong: readonly Wrong[], fields: readonly Field[], text: (w: Wrong, field?: Field) => string = inShort, prefix = ""): FieldError[] {
  return wrong.map((w) => {
    const field = fields.find((f) => f.path === w.pointer);
    return { id: controlId(w.pointer, prefix), text: text(w, field), ...(field && fields.length > 1 ? { of: say(field.title) } : {}) };
  });
}
