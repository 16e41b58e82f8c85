/** Right-to-left letters, and characters that control the direction of text: https://www.unicode.org/reports/tr9/ */
const DIRECTED =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|[\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const OPENING = /[\u2066-\u2068]/;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/**
 * Returns a text with balanced directional isolates, so that it cannot end the isolate of the element that contains it.
 * A browser treats such an element as if the characters FSI and PDI enclosed its text.
 */
export function balanced(text: string): string {
  if (!DIRECTED.test(text)) return text;
  let depth = 0;
  let result = "";
  for (const character of text) {
    if (OPENING.test(character)) depth++;
    if (character === POP_ISOLATE && depth-- === 0) depth = 0;
    else result += character;
  }
  return result + POP_ISOLATE.repeat(depth);
}

/** Isolates a user's text in a sentence or an attribute, where no element can do so. Plain left-to-right text remains unchanged. */
export function isolated(text: string): string {
  return DIRECTED.test(text) ? FIRST_STRONG_ISOLATE + balanced(text) + POP_ISOLATE : text;
}
