// SPDX-License-Identifier: MPL-2.0
// What one fills in. Each control has a label, perhaps a hint and an error, and tells them to a screen reader.
import type { ComponentChildren } from "preact";

export interface FieldProps {
  id: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | undefined;
  /** The question of a page: its label is the page's heading. */
  heading?: boolean;
}

const described = (p: FieldProps): string | undefined =>
  [p.hint ? `${p.id}-hint` : "", p.error ? `${p.id}-error` : ""].filter(Boolean).join(" ") || undefined;

const group = (p: FieldProps): string => `govuk-form-group${p.error ? " govuk-form-group--error" : ""}`;

function Beside(p: FieldProps) {
  return (
    <>
      {p.hint ? <div id={`${p.id}-hint`} class="govuk-hint">{p.hint}</div> : null}
      {p.error ? <p id={`${p.id}-error`} class="govuk-error-message">{p.error}</p> : null}
    </>
  );
}

function Label(p: FieldProps) {
  const label = <label class={`govuk-label${p.heading ? " govuk-label--l" : ""}`} for={p.id}>{p.label}</label>;
  return p.heading ? <h1 class="govuk-label-wrapper">{label}</h1> : label;
}

export interface TextProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  /** Language of what is typed. */
  lang?: string;
  type?: "text" | "password" | "tel";
  inputMode?: "text" | "numeric" | "tel";
  autocomplete?: string;
  width?: 2 | 3 | 4 | 5 | 10 | 20;
  rows?: number;
  onLeave?: () => void;
}

export function TextField(p: TextProps) {
  const shared = {
    id: p.id, name: p.id, lang: p.lang, value: p.value, "aria-describedby": described(p), "aria-invalid": p.error ? true : undefined,
    autocomplete: p.autocomplete ?? "off", spellcheck: false, autocapitalize: "off" as const, onBlur: p.onLeave,
    onInput: (e: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => p.onValue(e.currentTarget.value),
  };
  const width = p.width ? ` govuk-input--width-${p.width}` : "";
  return (
    <div class={group(p)}>
      <Label {...p} />
      <Beside {...p} />
      {p.rows
        ? <textarea class={`govuk-textarea${p.error ? " govuk-textarea--error" : ""}`} rows={p.rows} {...shared} />
        : <input class={`govuk-input${width}${p.error ? " govuk-input--error" : ""}`} type={(p.type ?? "text") as "text"} inputMode={p.inputMode} {...shared} />}
    </div>
  );
}

function Fieldset(p: FieldProps & { children: ComponentChildren }) {
  const legend = p.heading ? <h1 class="govuk-fieldset__heading">{p.label}</h1> : p.label;
  return (
    <div class={group(p)}>
      <fieldset class="govuk-fieldset" aria-describedby={described(p)} id={p.id} tabIndex={-1}>
        <legend class={`govuk-fieldset__legend${p.heading ? " govuk-fieldset__legend--l" : ""}`}>{p.label === legend ? p.label : legend}</legend>
        <Beside {...p} />
        {p.children}
      </fieldset>
    </div>
  );
}

export interface Choice<V extends string> {
  value: V;
  label: ComponentChildren;
  hint?: ComponentChildren;
}

export interface RadiosProps<V extends string> extends FieldProps {
  choices: readonly Choice<V>[];
  value: V | undefined;
  onValue: (value: V) => void;
}

export function Radios<V extends string>(p: RadiosProps<V>) {
  return (
    <Fieldset {...p}>
      <div class="govuk-radios">
        {p.choices.map((c, i) => {
          const id = i ? `${p.id}-${i}` : `${p.id}-first`;
          return (
            <div class="govuk-radios__item" key={c.value}>
              <input class="govuk-radios__input" id={id} name={p.id} type="radio" value={c.value} checked={p.value === c.value}
                aria-describedby={c.hint ? `${id}-hint` : undefined} onChange={() => p.onValue(c.value)} />
              <label class="govuk-label govuk-radios__label" for={id}>{c.label}</label>
              {c.hint ? <div id={`${id}-hint`} class="govuk-hint govuk-radios__hint">{c.hint}</div> : null}
            </div>
          );
        })}
      </div>
    </Fieldset>
  );
}

export function Checkbox(p: FieldProps & { value: boolean; onValue: (value: boolean) => void }) {
  return (
    <div class={group(p)}>
      {p.error ? <p id={`${p.id}-error`} class="govuk-error-message">{p.error}</p> : null}
      <div class="govuk-checkboxes">
        <div class="govuk-checkboxes__item">
          <input class="govuk-checkboxes__input" id={p.id} name={p.id} type="checkbox" checked={p.value} aria-describedby={described(p)}
            onChange={(e) => p.onValue(e.currentTarget.checked)} />
          <label class="govuk-label govuk-checkboxes__label" for={p.id}>{p.label}</label>
          {p.hint ? <div id={`${p.id}-hint`} class="govuk-hint govuk-checkboxes__hint">{p.hint}</div> : null}
        </div>
      </div>
    </div>
  );
}

export interface SelectProps extends FieldProps {
  choices: readonly { value: string; label: string }[];
  /** Shown while nothing is chosen. */
  empty: string;
  value: string | undefined;
  onValue: (value: string | undefined) => void;
}

export function Select(p: SelectProps) {
  return (
    <div class={group(p)}>
      <Label {...p} />
      <Beside {...p} />
      <select class={`govuk-select${p.error ? " govuk-select--error" : ""}`} id={p.id} name={p.id} aria-describedby={described(p)}
        value={p.value ?? ""} onChange={(e) => p.onValue(e.currentTarget.value || undefined)}>
        <option value="">{p.empty}</option>
        {p.choices.map((c) => <option key={c.value} value={c.value}>{c.label}</option>)}
      </select>
    </div>
  );
}

export { Fieldset };
