import type { VNode } from "preact";
import { balanced } from "./data/bidi";

/**
 * A text that a user wrote, inside of a line: it has its own direction, and no character of it reorders what stands around it.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
export function UserText({ children }: { readonly children: string }): VNode {
  return <bdi>{balanced(children)}</bdi>;
}
