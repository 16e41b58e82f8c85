import type { VNode } from "preact";
import { balanced } from "../data/bidi";

/** Maximum size of a description that is shown in full. */
const SHORT = { characters: 160, lines: 2 };

/** Description of a ticket. A long one is collapsed. */
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

/** Returns the beginning of a text in one line, if possible up to the end of a word. */
function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.slice(0, SHORT.characters);
  const end = cut.lastIndexOf(" ");
  return line.length <= SHORT.characters || end <= 0 ? cut : cut.slice(0, end);
}
