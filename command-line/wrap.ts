/** Characters that take two columns: https://www.unicode.org/reports/tr11/ */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const WITHOUT_WIDTH = /\p{Mn}|\p{Me}|\u200b|\u200c|\u200d/u;

/** Columns that a text takes on a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** The beginning of a text that fits into so many columns, with an ellipsis where something is cut off. */
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
 * Wraps one line at its spaces. Continuation lines are indented below the second column of a table row or a list, if that leaves half of
 * the width. A word that is longer than a line, such as a URL, stays whole so that it can be copied.
 * @param columns width of the terminal.
 */
export function wrapLine(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const indent = indentOf(line, columns);
  const lines: string[] = [];
  const [, lead, rest] = /^(\s*)([^]*)$/.exec(line) as unknown as [string, string, string];
  let current = lead;
  let isEmpty = true;
  // Each word with the spaces before it, which keep a table's columns where the line is not broken.
  for (const [, gap, word] of rest.matchAll(/(\s*)(\S+)/g)) {
    if (!isEmpty && columnsOf(current + gap + word) > columns) {
      lines.push(current);
      current = indent + word;
    } else current += (isEmpty ? "" : gap) + word;
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
