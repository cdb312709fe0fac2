// SPDX-License-Identifier: MPL-2.0
// Who uses this page: whoever the server let in, or whoever unlocked the device without a network.
import { session } from "../api/client";
import type { Session } from "../api/types";
import { observable, useObservable } from "../base/observable";

/** The officer whose drawer is open (office/drawer.ts), set by it: the frame does not fetch that code for a family. */
export const unlockedStaff = observable<Session["staff"] | null>(null);

/** In less than a minute without a touch the device locks; set by office/idle.ts. */
export const lockingSoon = observable(false);

export const me = (): Session["staff"] | null => session.get()?.staff ?? unlockedStaff.get();

export function useMe(): Session["staff"] | null {
  const signedIn = useObservable(session), offline = useObservable(unlockedStaff);
  return signedIn?.staff ?? offline;
}
