import { stripVTControlCharacters } from "node:util";
import { unicodeEscape } from "../shared/printable";

/**
 * Control characters except tab and line feed (C0, DEL, C1), line and paragraph separators, and bidirectional controls:
 * https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
const HIDDEN =
  // Matching control characters is the purpose of the expression.
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Removes escape sequences, control characters and bidirectional controls from untrusted text (of AWS, a table, a user or an error),
 * so that it can neither control a terminal nor display misleading text. Keeps tabs and line feeds.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n/g, "\n")).replace(HIDDEN, "");
}

/** Converts untrusted text to one line of plain text. */
export function plainLine(text: string): string {
  return plainText(text.replace(/[\r\n\t\u2028\u2029]+/g, " "));
}

/** Converts a value to one line of JSON. Characters that would control a terminal are escaped, so no data is lost. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, (character) => unicodeEscape(character));
}

/** Characters with a width of two columns: https://www.unicode.org/reports/tr11/ */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const WITHOUT_WIDTH = /\p{Mn}|\p{Me}|\u200b|\u200c|\u200d/u;

/** Returns the width of a text on a terminal, in columns. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** Truncates a text to a number of columns, with an ellipsis at the end. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = "";
  for (const character of text) {
    if (columnsOf(cut + character) >= columns) break;
    cut += character;
  }
  return `${cut}…`;
}

/**
 * Wraps one line at its spaces. A table row (columns separated by two or more spaces) is wrapped between its columns if they fit.
 * Continuation lines are indented below the second column of a table row or a list item, if that leaves half of the width. A word
 * that is longer than a line, such as a URL, is not broken, so that it can be copied.
 * @param columns width of the terminal.
 */
export function wrapLine(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const indent = indentOf(line, columns);
  const lines: string[] = [];
  const [, lead, rest] = /^(\s*)([^]*)$/.exec(line) as unknown as [string, string, string];
  let current = lead;
  let isEmpty = true;
  // Start of the last table column in the current line; 0 if there is none after the first column.
  let column = 0;
  // Each word with the spaces before it, which keep the table columns aligned.
  for (const [, gap, word] of rest.matchAll(/(\s*)(\S+)/g)) {
    const start = current.length + gap.length;
    if (isEmpty) current += word;
    else if (columnsOf(current + gap + word) <= columns) {
      current += gap + word;
      if (gap.length > 1 && start > indent.length) column = start;
    } else {
      const moved = gap.length === 1 && column > 0 ? `${current.slice(column)}${gap}${word}` : word;
      const fits = columnsOf(indent + moved) <= columns;
      lines.push(fits && moved !== word ? current.slice(0, column).trimEnd() : current);
      current = indent + (fits ? moved : word);
      column = 0;
    }
    isEmpty = false;
  }
  return [...lines, current];
}

/** Wraps every line of a text. */
export function wrapText(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, columns))
    .join("\n");
}

function indentOf(line: string, columns: number): string {
  const lead = /^\s*/.exec(line)![0].length;
  const hang = /^(?:\s*\S.*?\s{2,}|!! |\s*- )(?=\S)/.exec(line)?.[0];
  const wanted = hang === undefined ? lead : columnsOf(hang);
  return " ".repeat(wanted <= columns / 2 ? wanted : Math.min(lead + 2, 4));
}
