// SPDX-License-Identifier: MPL-2.0
// The parts that screens are made of.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { NoAnswer, Refusal } from "../api/client";
import { t } from "../words/words";

export function BackLink({ href, onBack }: { href?: string; onBack?: () => void }) {
  return <a class="govuk-back-link" href={href ?? "#/"} onClick={onBack && ((e) => { e.preventDefault(); onBack(); })}>{t("core.back")}</a>;
}

export function Button(p: { children: ComponentChildren; onPress?: () => void; kind?: "secondary" | "warning"; type?: "submit" | "button"; busy?: boolean }) {
  return (
    <button type={p.type ?? (p.onPress ? "button" : "submit")} class={`govuk-button${p.kind ? ` govuk-button--${p.kind}` : ""}`}
      aria-disabled={p.busy ? true : undefined} onClick={p.onPress && (() => { if (!p.busy) p.onPress?.(); })}>
      {p.children}
    </button>
  );
}

export interface FieldError {
  /** Id of the control; "" for what belongs to none. */
  id: string;
  text: string;
  /** The field's name: it stands before the text wherever the field does not stand above it. */
  of?: string;
}

/** What is wrong, first on the page, each line leading to its field. Takes the focus whenever the list changes. */
export function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length) box.current?.focus();
  }, [errors]);
  if (!errors.length) return null;
  const lead = (id: string) => (e: Event) => {
    e.preventDefault();
    const field = document.getElementById(id);
    const inside = field?.matches("fieldset") ? field.querySelector<HTMLElement>("input, select, textarea") : field;
    (inside ?? field)?.focus();
    (inside ?? field)?.scrollIntoView({ block: "center" });
  };
  return (
    <div class="govuk-error-summary" ref={box} tabIndex={-1} role="alert">
      <h2 class="govuk-error-summary__title">{t("core.problem")}</h2>
      <div class="govuk-error-summary__body">
        <ul class="govuk-list govuk-error-summary__list">
          {errors.map((e) => {
            const text = e.of ? `${e.of}: ${e.text}` : e.text;
            return <li key={e.id + text}>{e.id ? <a href={`#${e.id}`} onClick={lead(e.id)}>{text}</a> : text}</li>;
          })}
        </ul>
      </div>
    </div>
  );
}

/** Leads to the heading of what has come only now, unless the reader is busy elsewhere on the page. */
export function useHeadingOf(come: unknown): void {
  const there = Boolean(come);
  useEffect(() => {
    const heading = there && document.activeElement === document.body ? document.querySelector<HTMLElement>("main h1") : null;
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, [there]);
}

/** The sentence for a failure of talking with the server. */
export function failureText(failure: unknown): string {
  if (failure instanceof Refusal) return failure.message;
  if (failure instanceof NoAnswer) return t("core.no_answer");
  return t("core.unexpected");
}

export function Form({ onSubmit, children }: { onSubmit: () => void; children: ComponentChildren }) {
  return <form noValidate onSubmit={(e) => { e.preventDefault(); onSubmit(); }}>{children}</form>;
}

export function SummaryList({ rows }: { rows: readonly { key: ComponentChildren; value: ComponentChildren; change?: { href: string; label: string; what: string } | undefined }[] }) {
  return (
    <dl class="govuk-summary-list">
      {rows.map((row, i) => (
        <div class="govuk-summary-list__row" key={i}>
          <dt class="govuk-summary-list__key">{row.key}</dt>
          <dd class="govuk-summary-list__value">{row.value}</dd>
          {row.change ? (
            <dd class="govuk-summary-list__actions">
              <a class="govuk-link" href={row.change.href}>{row.change.label}<span class="govuk-visually-hidden"> {row.change.what}</span></a>
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}

export function Notice({ children, title }: { children: ComponentChildren; title?: ComponentChildren }) {
  return (
    <div class="govuk-inset-text">
      {title ? <strong>{title} </strong> : null}
      {children}
    </div>
  );
}

export function Warning({ children }: { children: ComponentChildren }) {
  return (
    <div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">!</span>
      <strong class="govuk-warning-text__text">{children}</strong>
    </div>
  );
}
