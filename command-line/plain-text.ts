import { stripVTControlCharacters } from "node:util";
import { unicodeEscape } from "../shared/printable";

/**
 * Control characters but tab and line feed, the line and paragraph separators, and the characters that reorder text around them:
 * C0, DEL, C1, and the bidirectional controls of https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
const HIDDEN =
  // The controls are what the expression is about.
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Removes terminal escapes, control characters and bidirectional controls from text that came from AWS, a table, a user or
 * an error, so that it can neither steer a terminal nor look like something else there. Tabs and line feeds stay.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n/g, "\n")).replace(HIDDEN, "");
}

/** Plain text on one line: a value inside a line must not begin another one. */
export function plainLine(text: string): string {
  return plainText(text.replace(/[\r\n\t\u2028\u2029]+/g, " "));
}

/** A value as one line of JSON; what a terminal would act on is escaped, so the line is plain text and nothing is lost. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, (character) => unicodeEscape(character));
}
