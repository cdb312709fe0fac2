// SPDX-License-Identifier: MPL-2.0
// A table of numbers, which on a narrow screen is scrolled by itself.
import type { ComponentChildren } from "preact";

export function Table({ caption, head, children }: { caption: string; head: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="civis-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m">{caption}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">{head.map((h, i) => <th key={h} scope="col" class={`govuk-table__header${i ? " govuk-table__header--numeric" : ""}`}>{h}</th>)}</tr>
        </thead>
        <tbody class="govuk-table__body">{children}</tbody>
      </table>
    </div>
  );
}

export function Row({ head, cells }: { head: ComponentChildren; cells: readonly ComponentChildren[] }) {
  return (
    <tr class="govuk-table__row">
      <th scope="row" class="govuk-table__header">{head}</th>
      {cells.map((c, i) => <td key={i} class="govuk-table__cell govuk-table__cell--numeric">{c}</td>)}
    </tr>
  );
}
