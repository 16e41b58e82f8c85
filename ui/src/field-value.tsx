import type { VNode } from "preact";
import { TICKET_ATTRIBUTES, TicketField, TicketFields } from "./data/api-types";
import { UserText } from "./user-text";
import { capitalized } from "./words";

/** The value of a ticket's attribute in words. */
export function FieldValue(props: { readonly field: TicketField; readonly fields: TicketFields }): VNode {
  const { field, fields } = props;
  const attribute = TICKET_ATTRIBUTES[field];
  const value = fields[field];
  if (attribute.kind === "choice") return <span>{capitalized(value)}</span>;
  if (value === "") return <span class="nobody">{attribute.whenBlank ?? "None"}</span>;
  return <UserText>{value}</UserText>;
}
