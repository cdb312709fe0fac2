// SPDX-License-Identifier: MPL-2.0
// This device, as its office knows it: an id made by chance for that office, and the name that the office gave it. Whenever it meets
// the register it tells both, and how many finished items wait on it, whoever's they are. Nothing else is told (decision 0017).
import { request, session } from "../api/client";
import type { DeviceHeard } from "../api/types";
import { online } from "../app/online";
import { SCREENS } from "../app/screens";
import { keep, kept, keptKeys } from "../base/kept";

interface Device {
  id: string;
  label: string;
}

export const LABEL_BYTES = 96, LABEL_FIGURES = 4;
const WAITING_MAX = 9999, PARCEL = /\/parcel\/[^/]+\.request$/;
const place = (office: string): string => `device ${office}`;

const known = (office: string): Promise<Device | undefined> => kept<Device>("public", place(office));

async function made(office: string): Promise<Device> {
  const device = (await known(office)) ?? { id: crypto.randomUUID(), label: "" };
  await keep("public", place(office), device);
  return device;
}

export const labelOf = async (office: string): Promise<string> => (await known(office))?.label ?? "";

/** What is wrong with a name; the server has the same bounds. */
export function labelFault(label: string): "long" | "figures" | null {
  if (new TextEncoder().encode(label).length > LABEL_BYTES) return "long";
  return (label.match(/\p{Nd}/gu) ?? []).length > LABEL_FIGURES ? "figures" : null;
}

let told = "", telling: Promise<void> = Promise.resolve();

async function tellNow(ready: boolean): Promise<void> {
  const staff = session.get()?.staff;
  if (!staff || !SCREENS["outbox"]?.roles?.includes(staff.role) || !online.get()) return;
  const waiting = (await keptKeys("sealed")).filter((key) => PARCEL.test(key)).length;
  const device = ready || waiting ? await made(staff.office) : await known(staff.office);
  if (!device) return;
  const body: DeviceHeard = { id: device.id, waiting: Math.min(waiting, WAITING_MAX), ...(device.label ? { label: device.label } : {}) };
  const all = JSON.stringify([staff.office, new Date().toDateString(), body]);
  if (all === told) return;
  await request("/api/v1/devices", { method: "POST", body });
  told = all;
}

/** Tells how the device stands, if that has changed or a day has come. `ready`: it has been made ready for the road. */
export function tell(ready = false): Promise<void> {
  const done = telling.then(() => tellNow(ready));
  telling = done.catch(() => undefined);
  return done;
}

export async function name(office: string, label: string): Promise<void> {
  await keep("public", place(office), { ...(await made(office)), label: label.normalize("NFC").trim().replace(/\s+/g, " ") });
  await tell();
}
