// SPDX-License-Identifier: MPL-2.0
// One large answer: a sign and a word, so that nothing is said by colour alone.
import type { ComponentChildren, Ref } from "preact";

/** good: as hoped; bad: do not rely on it; open: nothing can be said. */
export type Tone = "good" | "bad" | "open";

export interface VerdictProps {
  tone: Tone;
  sign?: string;
  word: ComponentChildren;
  /** For tests and for people who look at the page's source: a stable name. */
  name: string;
  heading?: Ref<HTMLHeadingElement>;
  level?: 1 | 2;
  children: ComponentChildren;
}

const SIGNS: Record<Tone, string> = { good: "✓", bad: "✕", open: "?" };

export function Verdict({ tone, sign = SIGNS[tone], word, name, heading, level = 1, children }: VerdictProps) {
  const H = level === 1 ? "h1" : "h2";
  return (
    <section class={`civis-answer civis-answer--${tone}`} data-verdict={name}>
      <H class={`${level === 1 ? "govuk-heading-xl" : "govuk-heading-m"} civis-answer__word`} tabIndex={-1} {...(heading ? { ref: heading } : {})}>
        <span class="civis-answer__sign" aria-hidden="true">{sign}</span> {word}
      </H>
      {children}
    </section>
  );
}
