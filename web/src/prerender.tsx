// SPDX-License-Identifier: MPL-2.0
// Runs while the client is built: the first screen of a language as text.
import renderToString from "preact-render-to-string";
import en from "../strings/core/en.json";
import km from "../strings/core/km.json";
import my from "../strings/core/my.json";
import { App } from "./app/app";
import { language, setCore, type Language } from "./words/words";

setCore("en", en);
setCore("km", km);
setCore("my", my);

export function render(of: Language): string {
  language.set(of);
  return renderToString(<App />);
}
