// SPDX-License-Identifier: MPL-2.0
import { observable } from "../base/observable";

/** What the device believes. A request may fail all the same. */
export const online = observable<boolean>(typeof navigator === "undefined" || navigator.onLine !== false);

export function watchNetwork(): void {
  addEventListener("online", () => online.set(true));
  addEventListener("offline", () => online.set(false));
}
