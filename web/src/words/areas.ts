// SPDX-License-Identifier: MPL-2.0
// Each area's words are a file of their own in each language, fetched with the first screen that needs them.
import type desk from "../../strings/desk/en.json";
import type device from "../../strings/device/en.json";
import type family from "../../strings/family/en.json";
import type figures from "../../strings/figures/en.json";
import type form from "../../strings/form/en.json";
import type check from "../../strings/check/en.json";
import type log from "../../strings/log/en.json";
import type admin from "../../strings/admin/en.json";
import type office from "../../strings/office/en.json";
import type person from "../../strings/person/en.json";

type Words = { default: Record<string, string> };
type Loader = Record<"en" | "km" | "my", () => Promise<Words>>;

export type AreaKey = keyof typeof desk | keyof typeof family | keyof typeof figures | keyof typeof form | keyof typeof check |
  keyof typeof log | keyof typeof admin | keyof typeof office | keyof typeof person | keyof typeof device;

export const AREAS = {
  core: {
    en: () => import("../../strings/core/en.json"),
    km: () => import("../../strings/core/km.json"),
    my: () => import("../../strings/core/my.json"),
  },
  form: {
    en: () => import("../../strings/form/en.json"),
    km: () => import("../../strings/form/km.json"),
    my: () => import("../../strings/form/my.json"),
  },
  family: {
    en: () => import("../../strings/family/en.json"),
    km: () => import("../../strings/family/km.json"),
    my: () => import("../../strings/family/my.json"),
  },
  office: {
    en: () => import("../../strings/office/en.json"),
    km: () => import("../../strings/office/km.json"),
    my: () => import("../../strings/office/my.json"),
  },
  desk: {
    en: () => import("../../strings/desk/en.json"),
    km: () => import("../../strings/desk/km.json"),
    my: () => import("../../strings/desk/my.json"),
  },
  device: {
    en: () => import("../../strings/device/en.json"),
    km: () => import("../../strings/device/km.json"),
    my: () => import("../../strings/device/my.json"),
  },
  check: {
    en: () => import("../../strings/check/en.json"),
    km: () => import("../../strings/check/km.json"),
    my: () => import("../../strings/check/my.json"),
  },
  person: {
    en: () => import("../../strings/person/en.json"),
    km: () => import("../../strings/person/km.json"),
    my: () => import("../../strings/person/my.json"),
  },
  figures: {
    en: () => import("../../strings/figures/en.json"),
    km: () => import("../../strings/figures/km.json"),
    my: () => import("../../strings/figures/my.json"),
  },
  log: {
    en: () => import("../../strings/log/en.json"),
    km: () => import("../../strings/log/km.json"),
    my: () => import("../../strings/log/my.json"),
  },
  admin: {
    en: () => import("../../strings/admin/en.json"),
    km: () => import("../../strings/admin/km.json"),
    my: () => import("../../strings/admin/my.json"),
  },
} satisfies Record<string, Loader>;

export type Area = keyof typeof AREAS;
