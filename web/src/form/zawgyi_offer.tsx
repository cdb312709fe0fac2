// SPDX-License-Identifier: MPL-2.0
// Below a field: both readings of what may be Zawgyi. Whoever typed it chooses; nothing is converted silently.
import { useEffect, useState } from "preact/hooks";
import { Button, Notice } from "../ui/page";
import { t } from "../words/words";

const BURMESE = /[\u1000-\u109f]/, PAUSE_MS = 400;

export function ZawgyiOffer({ text, onValue }: { text: string; onValue: (text: string) => void }) {
  const [offer, setOffer] = useState<{ of: string; meant: string } | null>(null);
  const [right, setRight] = useState("");
  useEffect(() => {
    if (!BURMESE.test(text) || text === right) return;
    let wanted = true;
    const later = setTimeout(() => void import("./zawgyi").then(({ unicodeOf }) => {
      const meant = unicodeOf(text);
      if (wanted) setOffer(meant === null ? null : { of: text, meant });
    }).catch(() => undefined), PAUSE_MS);
    return () => { wanted = false; clearTimeout(later); };
  }, [text, right]);
  return (
    <div role="status">
      {offer?.of === text && text !== right ? (
        <Notice>
          <p class="govuk-body">{t("form.zawgyi")}</p>
          <div class="govuk-button-group">
            <Button kind="secondary" onPress={() => onValue(offer.meant)}>{t("form.zawgyi_meant")} <span lang="my">{offer.meant}</span></Button>
            <Button kind="secondary" onPress={() => setRight(text)}>{t("form.zawgyi_right")} <span lang="my">{text}</span></Button>
          </div>
        </Notice>
      ) : null}
    </div>
  );
}
