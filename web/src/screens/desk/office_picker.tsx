// SPDX-License-Identifier: MPL-2.0
// An office, chosen by its place from the largest down.
import { useEffect, useState } from "preact/hooks";
import { needOffices, officeLabel } from "../../desk/offices";
import type { Office } from "../../desk/api";
import { country, say } from "../../form/country";
import { Fieldset, Select } from "../../ui/fields";
import { t } from "../../words/words";

/** Directly below. */
async function below(scope: string | null): Promise<Office[]> {
  const under = scope ?? country.get()?.code ?? "", depth = under.split("/").length;
  return (await needOffices(under)).filter((o) => o.active && o.scope.split("/").length === depth + 1);
}

export function OfficePicker({ value, onValue, error }: { value: string | undefined; onValue: (scope: string | undefined) => void; error?: string | undefined }) {
  const [lists, setLists] = useState<Office[][]>([]);
  const line = value ? value.split("/").map((_, i, all) => all.slice(0, i + 1).join("/")).slice(1) : [];
  useEffect(() => {
    let wanted = true;
    Promise.all([null, ...line].map((s) => below(s))).then((all) => wanted && setLists(all), () => undefined);
    return () => { wanted = false; };
  }, [value]);
  const levels = country.get()?.levels ?? [];
  return (
    <Fieldset id="office" label={t("desk.office")} error={error}>
      {lists.map((offices, i) => offices.length ? (
        <Select key={i} id={i ? `office-${i}` : "office-first"} label={levels[i] ? say(`level.${levels[i].name}`) : t("desk.office")} empty={t("form.choose")}
          choices={offices.map((o) => ({ value: o.scope, label: officeLabel(o) }))} value={line[i]} onValue={(s) => onValue(s ?? line[i - 1])} />
      ) : null)}
    </Fieldset>
  );
}
