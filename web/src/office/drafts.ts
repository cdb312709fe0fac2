// SPDX-License-Identifier: MPL-2.0
// Declarations that an officer is writing, several at a time, each kept under the officer's own key as it is typed.
import type { Session } from "../api/types";
import { isFull } from "../base/kept";
import { observable } from "../base/observable";
import { below, getAt, setAt, type Json, type Members } from "../base/pointer";
import { newSecret } from "../base/text";
import { entered, isPhotographs, withEvidence, type Answered } from "../form/answers";
import { check } from "../form/check";
import { declaresAt, fieldsOf, isAsked, pagesFor } from "../form/pages";
import type { Country, FormShape, Page } from "../form/types";
import * as drawer from "./drawer";

/** Of what a draft is made. A client that is newer takes over what an older one kept (upgraded); an older one leaves alone what is newer. */
export const DRAFT_VERSION = 3;

export interface DraftFile {
  id: string;
  kind: string;
  size: number;
  /** Where its parcel stands, if it was sealed already: it is sent as it is, and shown no more. */
  parcel?: string;
}

export interface OfficeDraft extends Answered {
  v: number;
  id: string;
  /** The case's id: made here, or one that is there already. */
  case: string;
  kind: string;
  office: string;
  secret: string;
  files: DraftFile[];
  changed: string;
  /** A case that is there already: a notification to complete, a declaration to amend. */
  about?: { transition: string; version: number; notice: boolean; transcribes?: boolean };
  /** What the register found wrong when it was sent, at pointers of the declaration. */
  wrong?: { pointer: string; text: string }[];
}

/** The draft that is open, as the page shows it. */
export const opened = observable<OfficeDraft | null>(null);
/** Why what was typed last is not kept; it stands in this page alone. */
export const notKept = observable<"full" | "failed" | null>(null);

// Whoever unlocks next finds nothing open; what was being written is still kept for whom it belongs to.
drawer.unlocked.subscribe(() => {
  opened.set(null);
  notKept.set(null);
});

let writing: Promise<void> = Promise.resolve();

/** Keeps it; one after the other, so that the last word typed is the one kept. */
export function save(next: OfficeDraft): Promise<void> {
  const kept = { ...next, v: DRAFT_VERSION, changed: new Date().toISOString() }, me = drawer.mine();
  opened.set(kept);
  writing = writing.catch(() => undefined).then(() => drawer.put("draft", kept.id, kept, me))
    .then(() => notKept.set(null), (e: unknown) => notKept.set(isFull(e) ? "full" : "failed"));
  return writing;
}

export function newDraft(kind: string, office: string): OfficeDraft {
  const id = crypto.randomUUID();
  return { v: DRAFT_VERSION, id, case: id, kind, office, secret: newSecret(), answers: {}, parts: {}, files: [], changed: "" };
}

/** The office that keeps this kind's register: one's own, or the one above a hospital. */
export function registeringOffice(country: Country, kind: string, own: string): string {
  const level = country.kinds.find((k) => k.kind === kind)?.level ?? null;
  return own.split("/").slice(0, 2 + country.levels.findIndex((l) => l.name === level)).join("/");
}

export async function begin(country: Country, kind: string, staff: Session["staff"]): Promise<OfficeDraft> {
  const draft = newDraft(kind, registeringOffice(country, kind, staff.office));
  if (targetOf(country, draft, staff).transcribes) draft.parts["/book"] = true;
  await save(draft);
  return draft;
}

/** Which parts have been entered. */
export function partsOf(form: FormShape, answers: Members): OfficeDraft["parts"] {
  return Object.fromEntries(form.objects.filter((o) => getAt(answers, o.path) !== undefined).map((o) => [o.path, true]));
}

/** For a case that is there: the answers as they stand. */
export async function beginAbout(of: { case: string; kind: string; office: string; answers: Members }, about: NonNullable<OfficeDraft["about"]>,
  form: FormShape): Promise<OfficeDraft> {
  const draft = { ...newDraft(of.kind, of.office), case: of.case, answers: of.answers, parts: partsOf(form, of.answers), about };
  await save(draft);
  return draft;
}

function upgraded(kept: OfficeDraft): OfficeDraft {
  return { ...kept, v: kept.v ?? 1, case: kept.case ?? kept.id, parts: kept.parts ?? {}, files: kept.files ?? [] };
}

export const isNewer = (d: OfficeDraft): boolean => d.v > DRAFT_VERSION;

export async function drafts(): Promise<OfficeDraft[]> {
  return (await drawer.list<OfficeDraft>("draft")).map((d) => upgraded(d.value)).sort((a, b) => b.changed.localeCompare(a.changed));
}

export async function openDraft(id: string): Promise<OfficeDraft | null> {
  await writing;
  const kept = await drawer.get<OfficeDraft>("draft", id);
  opened.set(kept ? upgraded(kept) : null);
  return opened.get();
}

export const settled = (): Promise<void> => writing;

export const placeOfFile = (f: DraftFile, me = drawer.mine()): string => f.parcel ?? drawer.placeOf("file", f.id, me);

export async function discard(draft: OfficeDraft): Promise<void> {
  const removes = [...draft.files.map((f) => placeOfFile(f)), drawer.placeOf("draft", draft.id)];
  await writing;
  await drawer.apply({ puts: [], removes });
  if (opened.get()?.id === draft.id) opened.set(null);
}

/** What the register said of this place is seen to, once it is answered anew. */
const seenTo = (d: OfficeDraft, pointer: string): Pick<OfficeDraft, "wrong"> =>
  (d.wrong ? { wrong: d.wrong.filter((w) => !below(w.pointer, pointer) && !below(pointer, w.pointer)) } : {});

export const answer = (d: OfficeDraft, pointer: string, value: Json | undefined): Promise<void> =>
  save({ ...d, answers: setAt(d.answers, pointer, value), ...seenTo(d, pointer) });

export function enterPart(d: OfficeDraft, part: string, yes: boolean): Promise<void> {
  const answers = yes ? d.answers : setAt(d.answers, part, undefined);
  return save({ ...d, answers, parts: { ...d.parts, [part]: yes }, ...seenTo(d, part) });
}

/** Fails, and adds nothing, where the device has no room. */
export async function addFile(d: OfficeDraft, kind: string, content: Blob): Promise<void> {
  const id = crypto.randomUUID();
  await drawer.put("file", id, new Uint8Array(await content.arrayBuffer()));
  await save({ ...(opened.get() ?? d), files: [...(opened.get() ?? d).files.filter((f) => kind !== "signed_draft" || f.kind !== kind), { id, kind, size: content.size }] });
}

export async function removeFile(d: OfficeDraft, file: DraftFile): Promise<void> {
  await save({ ...d, files: d.files.filter((f) => f.id !== file.id) });
  await drawer.apply({ puts: [], removes: [placeOfFile(file)] });
}

export async function fileOf(id: string): Promise<Blob | null> {
  const bytes = await drawer.getBytes("file", id);
  return bytes ? new Blob([bytes], { type: bytes[0] === 0x89 ? "image/png" : "image/jpeg" }) : null;
}

/** What the state asks for in which the case will be. A hospital's notice is completed by the family: less is asked, and nobody
    signs. What is copied from a book of paper says where it stands there. */
export function targetOf(country: Country, d: OfficeDraft, staff: Session["staff"]): { notice: boolean; transcribes: boolean } {
  if (d.about) return { notice: d.about.notice, transcribes: d.about.transcribes ?? false };
  const kind = country.kinds.find((k) => k.kind === d.kind);
  const how = kind && declaresAt(kind, staff.regime).find((x) => x.roles.includes(staff.role)), state = how && kind.states[how.state];
  return { notice: state?.notice ?? false, transcribes: state?.transcribes ?? false };
}

export function askedPages(form: FormShape, d: OfficeDraft, role: string, transcribes: boolean): Page[] {
  const answers = entered(d);
  return pagesFor(form, role, transcribes).filter((p) => isAsked(p, answers) && !isPhotographs(form, p));
}

export type PageState = "done" | "wrong" | "open";

/** How far a page is. An optional part that was left blank on purpose is done. */
export function pageState(form: FormShape, d: OfficeDraft, page: Page, country: Country, day: string, notice: boolean): PageState {
  const part = page.optional, fields = fieldsOf(form, page), answers = entered(d);
  if (d.wrong?.some((w) => fields.some((f) => w.pointer === f.path || w.pointer.startsWith(`${f.path}/`) || f.path.startsWith(`${w.pointer}/`)))) return "wrong";
  if (part !== undefined && d.parts[part] === undefined) return "open";
  if (part !== undefined && !d.parts[part]) return "done";
  if (!check(form, fields, answers, country, day, notice).length) return "done";
  return fields.some((f) => getAt(answers, f.path) !== undefined) ? "wrong" : "open";
}

/** What is sent: the answers of the pages that are asked, and what was photographed among the evidence. Of a draft that an earlier
    client kept, what the form has no more stays behind. */
export function declarationOf(form: FormShape, d: OfficeDraft, role: string, transcribes: boolean): Members {
  const asked = new Set(askedPages(form, d, role, transcribes).flatMap((p) => p.fields));
  // What a case says already and this role is never asked for stays as it is.
  const others = d.about ? new Set(pagesFor(form, role, true).flatMap((p) => p.fields)) : null;
  let answers: Members = {};
  for (const f of form.fields) {
    const wanted = asked.has(f.path) || f.path === form.evidence || (others && !others.has(f.path));
    const value = wanted ? getAt(d.answers, f.path) : undefined;
    if (value !== undefined) answers = setAt(answers, f.path, value);
  }
  return withEvidence(form, answers, d.files.map((f) => f.kind));
}

/** By what an officer finds a draft again. */
export function nameOf(form: FormShape | undefined, d: Pick<OfficeDraft, "answers">): string {
  for (const pointer of [form?.event.name_native, form?.event.name_latin, "/mother/name/native", "/mother/name/latin", "/informant/name/native"]) {
    const name = pointer ? getAt(d.answers, pointer) : undefined;
    if (typeof name === "string" && name) return name;
  }
  return "";
}
