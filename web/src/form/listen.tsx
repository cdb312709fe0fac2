// SPDX-License-Identifier: MPL-2.0
// A question read out, where the country's pack has a recording in the reader's language; nothing where it has none.
import { useEffect, useRef, useState } from "preact/hooks";
import { request } from "../api/client";
import { t, useLanguage } from "../words/words";
import type { FormShape } from "./types";

/** One recording after the other. Fetched whole, so that the browser's store has it when it is heard again without a network. */
async function playAll(names: readonly string[], on: HTMLAudioElement, stopped: AbortSignal): Promise<void> {
  for (const name of names) {
    const url = URL.createObjectURL(await (await request(`/api/v1/country/sounds/${name}`, { signal: stopped })).blob());
    try {
      on.src = url;
      const ended = new Promise<void>((done, fail) => {
        on.onended = () => done();
        on.onerror = () => fail(new Error("not a recording"));
        stopped.addEventListener("abort", () => done());
      });
      if (stopped.aborted) return;
      await on.play();
      await ended;
    } finally {
      on.pause();
      URL.revokeObjectURL(url);
    }
  }
}

export interface ListenProps {
  form: FormShape;
  /** Of the words that ask, in the order in which they stand there. */
  keys: readonly (string | undefined)[];
}

export function Listen({ form, keys }: ListenProps) {
  const of = useLanguage(), has = form.sounds?.[of]; // a form that an older client kept has no list of them
  const names = keys.map((key) => key && has?.[key]).filter((name): name is string => Boolean(name));
  const audio = useRef<HTMLAudioElement>(null), stop = useRef<(() => void) | null>(null);
  const [playing, setPlaying] = useState(false), [failed, setFailed] = useState(false);
  const which = names.join(" ");
  useEffect(() => () => stop.current?.(), [which]);
  if (!names.length) return null;

  function press(): void {
    if (stop.current) return stop.current();
    const stopping = new AbortController(), on = audio.current;
    if (!on) return;
    const over = (failure: boolean): void => {
      if (stop.current !== end) return;
      stop.current = null;
      setPlaying(false);
      setFailed(failure);
    };
    const end = (): void => {
      stopping.abort();
      over(false);
    };
    stop.current = end;
    setPlaying(true);
    setFailed(false);
    void playAll(names, on, stopping.signal).then(() => over(false), () => over(true));
  }

  return (
    <div class="civis-listen">
      <button type="button" class="govuk-button govuk-button--secondary" aria-pressed={playing} onClick={press}>
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path fill="currentColor" d={playing ? "M3 3h14v14H3z" : "M4 2l14 8-14 8z"} /></svg>
        {t("form.listen")}
      </button>
      <audio ref={audio} />
      <p class="govuk-body" role="status">{failed ? t("form.listen_failed") : ""}</p>
    </div>
  );
}
