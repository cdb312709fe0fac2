// SPDX-License-Identifier: MPL-2.0
// A value that screens follow.
import { useEffect, useState } from "preact/hooks";

export interface Observable<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function observable<T>(value: T): Observable<T> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useObservable<T>(source: Observable<T>): T {
  const [, again] = useState(0);
  const drawn = source.get();
  useEffect(() => {
    if (source.get() !== drawn) again((n) => n + 1); // between the drawing and now
    return source.subscribe(() => again((n) => n + 1));
  }, [source]);
  return drawn;
}
