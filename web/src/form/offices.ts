// SPDX-License-Identifier: MPL-2.0
// An office by its name, wherever a path of an office is all that an answer has.
import { useEffect, useState } from "preact/hooks";
import type { Office } from "../api/types";
import { language, useLanguage } from "../words/words";
import { country, publicJson } from "./country";

const offices = new Map<string, Promise<Office | undefined>>();

function officeOf(scope: string): Promise<Office | undefined> {
  let office = offices.get(scope);
  if (!office) {
    office = publicJson<{ offices: Office[] }>(`/api/v1/offices?scope=${encodeURIComponent(scope)}&limit=1`)
      .then(({ offices: [first] }) => (first?.scope === scope ? first : undefined));
    offices.set(scope, office);
    office.catch(() => offices.delete(scope));
  }
  return office;
}

/** The name of an office in the reader's language; the scope itself for one that is not known, nothing before that is known. */
export function useOfficeName(scope: string | null | undefined): string {
  const [name, setName] = useState("");
  const of = useLanguage();
  useEffect(() => {
    let wanted = true;
    setName("");
    if (scope) {
      officeOf(scope).then((o) => {
        if (wanted) setName(!o ? scope : language.get() === country.get()?.native_language ? o.name.native : o.name.latin);
      }, () => undefined);
    }
    return () => { wanted = false; };
  }, [scope, of]);
  return name;
}
