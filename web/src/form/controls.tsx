// SPDX-License-Identifier: MPL-2.0
// A control for each type of field that a form may have.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fromBoxes, type PartialDate } from "../base/dates";
import { getAt, isMembers, setAt, type Json, type Members } from "../base/pointer";
import { asciiDigits, localDigits } from "../base/text";
import { Button } from "../ui/page";
import { Checkbox, Fieldset, Radios, Select, TextField, type FieldProps } from "../ui/fields";
import { digits, language, t } from "../words/words";
import { COUNTRY_CODES, countryName } from "./countries";
import { country, dateWords, say } from "./country";
import { lineOf, placeLabel, placesBelow, type Place } from "./places";
import type { Field } from "./types";
import { ZawgyiOffer } from "./zawgyi_offer";

export interface ControlProps {
  field: Field;
  value: Json | undefined;
  onValue: (value: Json | undefined) => void;
  error?: string | undefined;
  heading?: boolean;
  /** Instead of the field's own title: a page's question. */
  label?: string | undefined;
  hint?: ComponentChildren;
  prefix?: string;
}

/** The id of a field's control, as an error summary refers to it. */
export const controlId = (path: string, prefix = ""): string => `f${prefix}${path.replace(/\//g, "-")}`;

export function Control(p: ControlProps) {
  const shared: FieldProps = {
    id: controlId(p.field.path, p.prefix), label: p.label ?? say(p.field.title), error: p.error, heading: p.heading ?? false,
    ...(p.hint ? { hint: p.hint } : {}),
  };
  const text = typeof p.value === "string" ? p.value : "";
  switch (p.field.type) {
    case "name":
    case "text":
      return <TextControl {...p} shared={shared} />;
    case "date":
      return <DateControl shared={shared} value={text ? { value: text, precision: "day" } : undefined}
        onValue={(d) => p.onValue(d === undefined ? undefined : d.precision === "day" ? d.value ?? "" : d.value ?? "?")} />;
    case "partial_date":
      return <PartialDateControl shared={shared} value={isMembers(p.value) ? (p.value as unknown as PartialDate) : undefined}
        onValue={(d) => p.onValue(d as unknown as Json | undefined)} />;
    case "time":
      return <TimeControl shared={shared} value={text} onValue={p.onValue} />;
    case "choice": {
      const choices = (p.field.choices ?? []).map((c) => ({ value: c.value, label: say(c.title) }));
      return choices.length > 12
        ? <Select {...shared} choices={choices} empty={t("form.choose")} value={text || undefined} onValue={p.onValue} />
        : <Radios {...shared} choices={choices} value={text || undefined} onValue={p.onValue} />;
    }
    case "bool":
      return <Radios {...shared} choices={[{ value: "true", label: t("form.yes") }, { value: "false", label: t("form.no") }]}
        value={p.value === undefined ? undefined : String(p.value)} onValue={(v) => p.onValue(v === "true")} />;
    case "number":
      return <NumberControl shared={shared} value={p.value} onValue={p.onValue} />;
    case "country":
      return <Select {...shared} choices={countryChoices()} empty={t("form.choose")} value={text || undefined} onValue={p.onValue} />;
    case "place":
      return <PlaceControl shared={shared} value={text} onValue={p.onValue} />;
    case "list":
      return <ListControl {...p} shared={shared} />;
  }
}

const countryChoices = () => COUNTRY_CODES.map((code) => ({ value: code, label: countryName(code, language.get()) }))
  .sort((a, b) => (a.label < b.label ? -1 : 1));

function TextControl({ field, value, onValue, shared }: ControlProps & { shared: FieldProps }) {
  const script = field.script === "native" ? country.get()?.native_language : field.script === "latin" ? "en" : language.get();
  const text = typeof value === "string" ? value : "";
  return (
    <>
      <TextField {...shared} value={text} {...(script ? { lang: script } : {})}
        {...(field.type === "text" && field.max_bytes > 200 ? { rows: 4 } : {})} onValue={(v) => onValue(v === "" ? undefined : v)} />
      <ZawgyiOffer text={text} onValue={onValue} />
    </>
  );
}

function NumberControl({ shared, value, onValue }: { shared: FieldProps; value: Json | undefined; onValue: (v: Json | undefined) => void }) {
  const [typed, setTyped] = useState(value === undefined ? "" : digits(String(value)));
  return <TextField {...shared} value={typed} inputMode="numeric" width={5} onValue={(v) => {
    setTyped(v);
    const ascii = asciiDigits(v).trim();
    onValue(ascii === "" ? undefined : /^\d{1,9}$/.test(ascii) ? Number(ascii) : ascii);
  }} />;
}

interface Boxes {
  day: string;
  month: string;
  year: string;
}

function boxesOf(value: string | undefined): Boxes {
  const [year = "", month = "", day = ""] = (value ?? "").split("-");
  const local = (s: string) => (s ? localDigits(String(Number(s)), language.get()) : "");
  return { day: local(day), month: local(month), year: year ? localDigits(year, language.get()) : "" };
}

/** Three boxes in the order that the country writes a date in; the month by number or by name. */
function DateBoxes({ id, boxes, onBoxes, error }: { id: string; boxes: Boxes; onBoxes: (b: Boxes) => void; error: boolean }) {
  const order = (dateWords().date.match(/\{(day|month|year)\}/g) ?? ["{day}", "{month}", "{year}"]).map((s) => s.slice(1, -1) as keyof Boxes);
  return (
    <div class="govuk-date-input" id={`${id}-boxes`}>
      {order.map((part, i) => (
        <div class="govuk-date-input__item" key={part}>
          <div class="govuk-form-group">
            <label class="govuk-label govuk-date-input__label" for={i ? `${id}-${part}` : `${id}-input`}>{t(`form.${part}`)}</label>
            <input class={`govuk-input govuk-date-input__input govuk-input--width-${part === "year" ? 4 : 2}${error ? " govuk-input--error" : ""}`}
              id={i ? `${id}-${part}` : `${id}-input`} type="text" inputMode="numeric" autocomplete="off" value={boxes[part]}
              onInput={(e) => onBoxes({ ...boxes, [part]: e.currentTarget.value })} />
          </div>
        </div>
      ))}
    </div>
  );
}

const read = (b: Boxes) => fromBoxes(asciiDigits(b.day).trim(), asciiDigits(b.month).trim(), asciiDigits(b.year).trim());

function DateControl({ shared, value, onValue }: { shared: FieldProps; value: PartialDate | undefined; onValue: (v: PartialDate | undefined) => void }) {
  const [boxes, setBoxes] = useState(boxesOf(value?.value));
  return (
    <Fieldset {...shared} hint={shared.hint ?? t("form.date_hint")}>
      <DateBoxes id={shared.id} boxes={boxes} error={Boolean(shared.error)} onBoxes={(b) => {
        setBoxes(b);
        onValue(!b.day && !b.month && !b.year ? undefined : read(b) ?? { value: "?", precision: "day" });
      }} />
    </Fieldset>
  );
}

function PartialDateControl({ shared, value, onValue }: { shared: FieldProps; value: PartialDate | undefined; onValue: (v: PartialDate | undefined) => void }) {
  const [boxes, setBoxes] = useState(boxesOf(value?.value));
  const [how, setHow] = useState<"exact" | "about" | "unknown">(value?.precision === "about" || value?.precision === "unknown" ? value.precision : "exact");
  const tell = (b: Boxes, h: typeof how) => {
    setBoxes(b);
    setHow(h);
    const date = read(b);
    if (h === "unknown") onValue({ precision: "unknown" });
    else if (!b.day && !b.month && !b.year) onValue(undefined);
    else onValue(date ? { value: date.value, precision: h === "about" ? "about" : date.precision } : { precision: "day" });
  };
  return (
    <Fieldset {...shared} hint={shared.hint ?? t("form.partial_date_hint")}>
      {how === "unknown" ? null : <DateBoxes id={shared.id} boxes={boxes} error={Boolean(shared.error)} onBoxes={(b) => tell(b, how)} />}
      <Checkbox id={`${shared.id}-about`} label={t("form.date_about")} value={how === "about"} onValue={(on) => tell(boxes, on ? "about" : "exact")} />
      <Checkbox id={`${shared.id}-unknown`} label={t("form.date_unknown")} value={how === "unknown"} onValue={(on) => tell(boxes, on ? "unknown" : "exact")} />
    </Fieldset>
  );
}

function TimeControl({ shared, value, onValue }: { shared: FieldProps; value: string; onValue: (v: Json | undefined) => void }) {
  const [typed, setTyped] = useState(localDigits(value, language.get()));
  return <TextField {...shared} hint={shared.hint ?? t("form.time_hint")} value={typed} inputMode="text" width={5} onValue={(v) => {
    setTyped(v);
    const m = /^(\d{1,2})[:.\s៖]?(\d{2})$/.exec(asciiDigits(v).trim());
    onValue(v.trim() === "" ? undefined : m ? `${(m[1] ?? "").padStart(2, "0")}:${m[2] ?? ""}` : v);
  }} />;
}

/** One list a level; the next appears when the one above is chosen. `until`: the smallest level that is asked for. */
export function PlaceControl({ shared, value, onValue, until }: { shared: FieldProps; value: string; onValue: (v: string | undefined) => void; until?: string }) {
  const all = country.get()?.levels ?? [];
  const levels = until ? all.slice(0, all.findIndex((l) => l.name === until) + 1) : all;
  const [lists, setLists] = useState<Place[][]>([]);
  const [failed, setFailed] = useState(false);
  const line = value ? lineOf(value) : [];
  useEffect(() => {
    let wanted = true;
    const parents = [null, ...line.slice(0, levels.length - 1)];
    Promise.all(parents.map((p) => placesBelow(p))).then((found) => { if (wanted) { setLists(found); setFailed(false); } }, () => wanted && setFailed(true));
    return () => { wanted = false; };
  }, [value, language.get()]);
  return (
    <Fieldset {...shared}>
      {failed ? <p class="govuk-body">{t("form.places_failed")}</p> : null}
      {lists.map((places, i) => places.length ? (
        <Select key={i} id={i ? `${shared.id}-${i}` : `${shared.id}-input`} label={say(`level.${levels[i]?.name ?? ""}`)} empty={t("form.choose")}
          choices={places.map((pl) => ({ value: pl.code, label: placeLabel(pl) }))} value={line[i]}
          onValue={(code) => onValue(code ?? (i ? line[i - 1] : undefined))} />
      ) : null)}
      <output>{lists[lists.length - 1]?.length === 0 ? <span class="civis-line govuk-body">{t("form.places_none")}</span> : null}</output>
    </Fieldset>
  );
}

function ListControl({ field, value, onValue, shared }: ControlProps & { shared: FieldProps }) {
  const items = Array.isArray(value) ? value : [];
  const put = (next: Json[]) => onValue(next.length ? next : undefined);
  return (
    <Fieldset {...shared}>
      {items.map((item, i) => (
        <div class="civis-item" key={i}>
          {(field.items ?? []).map((f) => (
            <Control key={f.path} field={f} prefix={`${field.path.replace(/\//g, "-")}-${i}`} value={getAt(item, f.path)}
              onValue={(v) => put(items.map((old, at) => (at === i ? setAt(isMembers(old) ? old : ({} as Members), f.path, v) : old)))} />
          ))}
          <Button kind="secondary" onPress={() => put(items.filter((_, at) => at !== i))}>{t("form.remove")}</Button>
        </div>
      ))}
      {items.length < (field.max_items ?? 16) ? <Button kind="secondary" onPress={() => put([...items, {}])}>{t("form.add")}</Button> : null}
    </Fieldset>
  );
}
