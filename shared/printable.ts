/** Control, format, private and unassigned characters, line separators and lone surrogates. */
const NOT_PRINTABLE = /[\p{C}\u2028\u2029]/gu;

/**
 * Returns a text that is safe on a terminal and in a log. Control characters and characters that reorder text are replaced by
 * escapes such as `\u001b`, and a long text is shortened.
 * @param limit maximum number of characters.
 */
export function printable(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(NOT_PRINTABLE, (character) => unicodeEscape(character));
}

/** Returns the JSON escapes of a text, such as `\u001b`: one for each UTF-16 code unit. */
export function unicodeEscape(text: string): string {
  return [...Array(text.length).keys()]
    .map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
