import { withDerivedStatus as withStatusOfApi } from "../../../functions/tickets/field-rules";
import type { TicketChanges, TicketFields } from "./api-types";

/**
 * Changes with the status that follows from them. It is the API's own rule, so that a status is shown before the API answers.
 * @param read what the ticket has before; empty for a new one.
 */
export function withDerivedStatus<T extends TicketChanges>(
  changes: T,
  read: Partial<Pick<TicketFields, "status" | "assignee">>,
): T {
  // A new ticket is open unless it says otherwise.
  const { status } = withStatusOfApi(changes, { status: "open", ...read });
  return status === undefined ? changes : { ...changes, status };
}
