// SPDX-License-Identifier: MPL-2.0
// A device that was put down: after a while without a touch the drawer is locked and the session ended. What was typed into a draft is kept.
import { request, session } from "../api/client";
import { lockingSoon, me } from "../app/me";
import { lock } from "./drawer";

const MINUTE = 60_000;
/** Without a touch; while another window or the lock screen covers this one, less. */
export const IDLE_MS = 15 * MINUTE, HIDDEN_MS = 5 * MINUTE, WARNING_MS = MINUTE;

/** What is to be done after so long without a touch, and so long covered. */
export function idleState(untouched: number, hidden: number): "open" | "warn" | "lock" {
  if (untouched >= IDLE_MS || hidden >= HIDDEN_MS) return "lock";
  return untouched >= IDLE_MS - WARNING_MS ? "warn" : "open";
}

export function watchIdle(): void {
  let touched = Date.now(), hiddenAt: number | null = null;
  const look = (): void => {
    if (!me()) {
      touched = Date.now();
      return lockingSoon.set(false);
    }
    // A clock that was set back counts as a touch, one that was set on as time gone by.
    const now = Date.now(), state = idleState(now - touched, hiddenAt === null ? 0 : now - hiddenAt);
    lockingSoon.set(state === "warn");
    if (state !== "lock") return;
    if (session.get()) void request("/api/v1/sessions/current", { method: "DELETE" }).catch(() => undefined);
    session.set(null);
    lock();
  };
  const touch = (): void => {
    look(); // time that has run out is not given back by a touch
    touched = Date.now();
    if (lockingSoon.get()) look();
  };
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    look();
    hiddenAt = document.hidden ? Date.now() : null;
  });
  setInterval(look, 5000);
}
