// SPDX-License-Identifier: MPL-2.0
// A table to take along: made on the device, of what it shows.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** RFC 4180; what a spreadsheet would take for a formula stands as text. */
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvText = (rows: readonly (readonly (string | number)[])[]): string => rows.map((r) => `${r.map(cell).join(",")}\r\n`).join("");

export function CsvLink({ name, text, children }: { name: string; text: string; children: ComponentChildren }) {
  const [file, setFile] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    setFile(url);
    return () => URL.revokeObjectURL(url);
  }, [text]);
  return <a class="govuk-link govuk-link--target" href={file} download={name}>{children}</a>;
}
