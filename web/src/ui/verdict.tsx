// SPDX-License-Identifier: MPL-2.0
// One large answer: a sign and a word, so that nothing is said by colour alone.
import type { ComponentChildren, Ref } from "preact";

/** good: as hoped; bad: do not rely on it; open: nothing can be said. */
export type Tone = "good" | "bad" | "open";

/** Drawn, since not every device has letters for them. */
const SIGNS = {
  tick: "M4 13l5 5L20 6", cross: "M5 5l14 14M19 5L5 19", again: "M19 12a7 7 0 1 1-2-5M17 2v5h-5", pause: "M9 5v14M15 5v14",
  ask: "M8 9a4 4 0 1 1 6 3.4c-1.4.8-2 1.4-2 2.6M12 19.5v.5",
};
export type Sign = keyof typeof SIGNS;

export interface VerdictProps {
  tone: Tone;
  sign?: Sign;
  word: ComponentChildren;
  /** For tests and for people who look at the page's source: a stable name. */
  name: string;
  heading?: Ref<HTMLHeadingElement>;
  level?: 1 | 2;
  children: ComponentChildren;
}

const OF_TONE: Record<Tone, Sign> = { good: "tick", bad: "cross", open: "ask" };

export function Verdict({ tone, sign = OF_TONE[tone], word, name, heading, level = 1, children }: VerdictProps) {
  const H = level === 1 ? "h1" : "h2";
  return (
    <section class={`civis-answer civis-answer--${tone}`} data-verdict={name}>
      <H class={`${level === 1 ? "govuk-heading-xl" : "govuk-heading-m"} civis-answer__word`} tabIndex={-1} {...(heading ? { ref: heading } : {})}>
        <svg class="civis-answer__sign" viewBox="0 0 24 24" aria-hidden="true"><path d={SIGNS[sign]} fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" /></svg> {word}
      </H>
      {children}
    </section>
  );
}
