// SPDX-License-Identifier: MPL-2.0
// To choose a file. The browser's own control speaks the browser's language; this one speaks the reader's.
import type { FieldProps } from "./fields";

export interface FileProps extends FieldProps {
  /** What stands on the button. */
  button: string;
  accept: string;
  busy?: boolean;
  onFile: (file: File) => void;
}

export function FileField(p: FileProps) {
  const described = [p.hint ? `${p.id}-hint` : "", p.error ? `${p.id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={`govuk-form-group${p.error ? " govuk-form-group--error" : ""}`}>
      <label class="govuk-label govuk-label--s" for={p.id}>{p.label}</label>
      {p.hint ? <div id={`${p.id}-hint`} class="govuk-hint">{p.hint}</div> : null}
      {p.error ? <p id={`${p.id}-error`} class="govuk-error-message">{p.error}</p> : null}
      <div class="govuk-button govuk-button--secondary civis-pick">
        <span aria-hidden="true">{p.button}</span>
        <input class="civis-pick__input" type="file" id={p.id} accept={p.accept} disabled={p.busy} title=""
          {...(described ? { "aria-describedby": described } : {})}
          onChange={(e) => {
            const file = e.currentTarget.files?.[0];
            e.currentTarget.value = ""; // the same one can be chosen again
            if (file) p.onFile(file);
          }} />
      </div>
    </div>
  );
}
