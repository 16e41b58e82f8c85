import type { VNode } from "preact";
import { balanced } from "../data/bidi";

/** A description up to this length, in characters, and so many lines is shown whole. */
const SHORT = { characters: 160, lines: 2 };

/** What a ticket says in full; a long one is folded. */
export function Description({ text }: { readonly text: string }): VNode {
  if (text.length <= SHORT.characters && text.split("\n").length <= SHORT.lines)
    return (
      <p class="description" dir="auto">
        {balanced(text)}
      </p>
    );
  return (
    <details class="long-description">
      <summary>
        <bdi class="excerpt">{balanced(excerptOf(text))}</bdi>
      </summary>
      <p class="description" dir="auto">
        {balanced(text)}
      </p>
    </details>
  );
}

/** The beginning in one line, up to the end of a word when there is one. */
function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.slice(0, SHORT.characters);
  const end = cut.lastIndexOf(" ");
  return line.length <= SHORT.characters || end <= 0 ? cut : cut.slice(0, end);
}
