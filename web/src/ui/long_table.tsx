// SPDX-License-Identifier: MPL-2.0
// A long table of which only what is seen is in the page: 5,000 rows stay usable on a slow phone. To a screen reader it tells the
// number of all rows and of each row.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** More than a screen of any device, and then more at a time: what is not seen at first need not be waited for. */
const FIRST = 20, PAGE = 50;

export interface LongTableProps<R> {
  caption: string;
  columns: readonly string[];
  rows: readonly R[];
  /** Which list this is: another one begins at its first rows again. Absent: whatever rows are given. */
  list?: string;
  keyOf: (row: R) => string;
  cells: (row: R) => readonly ComponentChildren[];
  /** "Show more" and how many of how many are shown. */
  more: (shown: number, all: number) => ComponentChildren;
}

/** Rows are added as one comes to the end, or presses for more. */
export function LongTable<R>(p: LongTableProps<R>) {
  const list = p.list ?? p.rows;
  const [drawn, setDrawn] = useState({ list, shown: FIRST });
  const shown = drawn.list === list ? drawn.shown : FIRST;
  const showMore = (): void => setDrawn({ list, shown: shown + PAGE });
  const end = useRef<HTMLDivElement>(null);
  const left = p.rows.length > shown;
  useEffect(() => {
    if (!left || !end.current || typeof IntersectionObserver === "undefined") return;
    const watch = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) showMore(); }, { rootMargin: "400px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [left, shown, list]);
  return (
    <div class="civis-scroll" tabIndex={0} role="region" aria-label={p.caption}>
      <table class="govuk-table" aria-rowcount={p.rows.length + 1}>
        <caption class="govuk-table__caption govuk-visually-hidden">{p.caption}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row" aria-rowindex={1}>{p.columns.map((c) => <th key={c} scope="col" class="govuk-table__header">{c}</th>)}</tr>
        </thead>
        <tbody class="govuk-table__body">
          {p.rows.slice(0, shown).map((row, i) => (
            <tr class="govuk-table__row" key={p.keyOf(row)} aria-rowindex={i + 2}>
              {p.cells(row).map((cell, at) => <td class="govuk-table__cell" key={at}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <div ref={end}>
        {left ? <button type="button" class="govuk-button govuk-button--secondary" onClick={showMore}>{p.more(shown, p.rows.length)}</button> : null}
      </div>
    </div>
  );
}
