import type { Priority, Status, TicketFields } from "./data/api-types";

/** In the order in which a ticket goes through them. */
export const STATUSES = ["open", "assigned", "closed"] as const satisfies readonly Status[];
export const PRIORITIES = ["low", "medium", "high"] as const satisfies readonly Priority[];

/** What a field is called on the page. */
export const FIELD_LABELS: Readonly<Record<keyof TicketFields, string>> = {
  subject: "Subject",
  description: "Description",
  customer: "Customer",
  assignee: "Assignee",
  priority: "Priority",
  status: "Status",
};

/** With a capital letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
