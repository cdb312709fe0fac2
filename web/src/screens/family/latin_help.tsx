// SPDX-License-Identifier: MPL-2.0
// How a name is usually spelt in Latin letters: offered when one asks, taken over only by a press. The family decides.
import { useState } from "preact/hooks";
import { getJson } from "../../api/client";
import type { Field } from "../../form/types";
import { Button, failureText } from "../../ui/page";
import { t } from "../../words/words";
import { answer } from "./draft";

export function LatinHelp({ native, latin, now }: { native: string; latin: Field; now: string }) {
  const [offered, setOffered] = useState<{ of: string; spellings: string[] } | null>(null);
  const [failure, setFailure] = useState("");
  if (!native) return null;

  async function ask(): Promise<void> {
    try {
      const { proposals } = await getJson<{ proposals: string[] }>("/api/v1/romanisation", { body: { text: native } });
      setOffered({ of: native, spellings: proposals });
      setFailure("");
    } catch (e) {
      setFailure(failureText(e));
    }
  }

  return (
    <div class="civis-latin">
      <Button kind="secondary" onPress={() => void ask()}>{t("family.latin_ask")}</Button>
      <div role="status">
        {failure ? <p class="govuk-body">{failure}</p> : null}
        {offered?.of === native ? (
          <>
            <p class="govuk-body">{t(offered.spellings.length ? "family.latin_offered" : "family.latin_none")}</p>
            <div class="govuk-button-group">
              {offered.spellings.map((s) => (
                <Button key={s} kind="secondary" onPress={() => answer(latin.path, s)}>
                  <span lang="en">{s}</span>{now === s ? " ✓" : ""}
                </Button>
              ))}
            </div>
          </>
        ) : null}
      </div>
    </div>
  );
}
