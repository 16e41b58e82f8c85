import type { components } from "../../../functions/openapi/schema";
import type { Status, TicketFields } from "../../../functions/tickets/ticket-attributes";

export * from "../../../functions/tickets/ticket-attributes";

/** Ticket API of one region. */
export interface RegionalApi {
  /** Region alias, such as `ireland`. */
  readonly name: string;
  /** AWS region code, such as `eu-west-1`. */
  readonly code: string;
  /** URL without a trailing slash. */
  readonly url: string;
}

type Schemas = components["schemas"];

/** Ticket as the API returns it. `openapi.json` describes each field. */
export type Ticket = Readonly<Schemas["Ticket"]>;

/** Fields to change. Omitted fields remain unchanged. */
export type TicketChanges = Partial<TicketFields> & Pick<Ticket, "resolvedConflict">;

/** Fields of a new ticket. The API has a default for each omitted field. */
export type TicketDraft = Pick<TicketFields, "subject"> & Partial<TicketFields>;

/** One page of the ticket listing, newest first. */
export type TicketPage = Readonly<Schemas["TicketPage"]>;

/** Write that lost to a write of the other region. */
export type Conflict = Readonly<Schemas["Conflict"]>;
/** Conflicts of one ticket, newest losing write first. */
export type ConflictHistory = Readonly<Schemas["ConflictHistory"]>;
/** Tickets that had conflicts, newest losing write first. */
export type RecentConflicts = Readonly<Schemas["RecentConflicts"]>;

/** Validation error of one field. */
export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

/** Problem details: https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemDetails {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Errors by field; empty when the rejection concerns no field. */
  readonly errors: readonly FieldError[];
  /** Request id, as in the logs of the region. Absent when API Gateway itself rejected the request. */
  readonly requestId?: string;
}

/** Filter of the listing. A ticket must match every given property. */
export interface TicketFilter {
  readonly status?: Status;
  /** Exact name; `""` selects unassigned tickets. */
  readonly assignee?: string;
}
