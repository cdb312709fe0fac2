// SPDX-License-Identifier: MPL-2.0
// Looks for a code through the camera, which is let go at once when one was found, or when the reader turns elsewhere.
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Warning } from "../../ui/page";
import { t, type Key } from "../../words/words";
import { reader } from "./scan";

const PAUSE_MS = 120;

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, PAUSE_MS));

function trouble(e: unknown): Key {
  const name = e instanceof DOMException ? e.name : "";
  if (name === "NotAllowedError") return "check.camera_denied";
  return name === "NotFoundError" || name === "OverconstrainedError" || name === "NotReadableError" ? "check.camera_none" : "check.camera_failed";
}

/** Until a code was read or the signal says stop. */
async function watch(video: HTMLVideoElement, stop: AbortSignal, onLooking: () => void): Promise<string | undefined> {
  // Over plain HTTP browsers have no camera for a page.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DOMException("", "NotAllowedError");
  const stream = await devices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } }, audio: false });
  const free = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    if (stop.aborted) return undefined;
    stop.addEventListener("abort", free);
    video.srcObject = stream;
    await video.play();
    const read = await reader();
    onLooking();
    while (!stop.aborted) {
      const text = await read(video);
      if (text !== undefined) return text;
      await pause();
    }
    return undefined;
  } finally {
    free();
  }
}

export function Camera({ onText, onStop }: { onText: (text: string) => void; onStop: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [looking, setLooking] = useState(false);
  const [failed, setFailed] = useState<Key | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const hidden = () => { if (document.hidden) onStop(); };
    document.addEventListener("visibilitychange", hidden);
    if (video.current)
      watch(video.current, leaving.signal, () => setLooking(true)).then(
        (text) => { if (text !== undefined && !leaving.signal.aborted) onText(text); },
        (e: unknown) => { if (!leaving.signal.aborted) setFailed(trouble(e)); });
    return () => {
      leaving.abort();
      document.removeEventListener("visibilitychange", hidden);
    };
  }, []);
  return (
    <div class="civis-camera">
      {failed ? <Warning>{t(failed)}</Warning> : (
        <>
          <p class="govuk-body" role="status">{t(looking ? "check.camera_hint" : "check.camera_starting")}</p>
          <video ref={video} class="civis-camera__picture" muted playsInline aria-hidden="true" />
        </>
      )}
      <Button kind="secondary" onPress={onStop}>{t(failed ? "core.back" : "check.camera_stop")}</Button>
    </div>
  );
}
