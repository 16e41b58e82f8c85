import type { VNode } from "preact";
import { TICKET_ATTRIBUTES, TicketField, TicketFields } from "./data/api-types";
import { balanced } from "./data/bidi";

/** Value of a ticket attribute. */
export function FieldValue(props: { readonly field: TicketField; readonly fields: TicketFields }): VNode {
  const { field, fields } = props;
  const attribute = TICKET_ATTRIBUTES[field];
  const value = fields[field];
  if (attribute.kind === "choice") return <span>{capitalized(value)}</span>;
  if (value === "") return <span class="unassigned">{attribute.whenBlank ?? "None"}</span>;
  return <UserText>{value}</UserText>;
}

/**
 * Inline text that a user wrote. It has its own direction, and its characters cannot reorder the text around it.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
function UserText({ children }: { readonly children: string }): VNode {
  return <bdi>{balanced(children)}</bdi>;
}

/** Returns a text with a capital first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
