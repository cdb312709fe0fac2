// SPDX-License-Identifier: MPL-2.0
// Of a style the part that some page may need: each page carries it, so what govuk-frontend has for others is left out.

/** Words of a program that may be classes; of a template such as `govuk-tag--${colour}` what stands before the hole. */
function wordsOf(programs) {
  const whole = new Set(), begun = new Set();
  for (const text of programs)
    for (const [, word, hole] of text.matchAll(/([a-z][\w-]*)(\$\{)?/g)) (hole && /^(govuk|civis)-.*-$/.test(word) ? begun : whole).add(word);
  return (name) => whole.has(name) || [...begun].some((b) => name.startsWith(b));
}

/** The end of the block that begins after `from`. */
function blockEnd(css, from) {
  for (let at = from, depth = 1; at < css.length; at++) {
    if (css[at] === '"' || css[at] === "'") at = css.indexOf(css[at], at + 1);
    else if (css[at] === "{") depth++;
    else if (css[at] === "}" && !--depth) return at;
  }
  throw new Error("the style has a block without an end");
}

const selectors = (list) => list.split(/,(?![^(]*\))/);

/** `css` as sass compresses it, without the selectors that name a class which none of the programs does. */
export function usedStyle(css, programs) {
  const isUsed = wordsOf(programs);
  // What is not of a class is of everything else.
  const matches = (selector) => [...selector.replace(/:not\([^)]*\)/g, "").matchAll(/\.([a-zA-Z][\w-]*)/g)].every(([, name]) => isUsed(name));
  const used = (text) => {
    let kept = "";
    for (let at = 0; at < text.length;) {
      const open = text.indexOf("{", at);
      if (open < 0) return kept + text.slice(at);
      const end = blockEnd(text, open + 1), head = text.slice(at, open), body = text.slice(open + 1, end);
      at = end + 1;
      if (/^@(media|supports)/.test(head)) {
        const inner = used(body);
        if (inner) kept += `${head}{${inner}}`;
      } else if (head.startsWith("@")) {
        kept += `${head}{${body}}`;
      } else {
        const left = selectors(head).filter(matches);
        if (left.length) kept += `${left.join(",")}{${body}}`;
      }
    }
    return kept;
  };
  return used(css);
}
