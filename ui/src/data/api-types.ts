import type { components } from "../../../functions/openapi/schema";
import type { Status, TicketFields } from "../../../functions/tickets/ticket-attributes";

export * from "../../../functions/tickets/ticket-attributes";

/** The ticket API of one region. */
export interface RegionalApi {
  /** The region's nickname, such as `ireland`. */
  readonly name: string;
  /** The AWS region code, such as `eu-west-1`. */
  readonly code: string;
  /** Without a slash at its end. */
  readonly url: string;
}

type Schemas = components["schemas"];

/** What the API answers about a ticket; see `openapi.json` for each field. */
export type Ticket = Readonly<Schemas["Ticket"]>;

/** Fields to change; those left out stay as they are. */
export type TicketChanges = Partial<TicketFields> & Pick<Ticket, "resolvedConflict">;

/** What a new ticket is made from; the API has defaults for what is left out. */
export type TicketDraft = Pick<TicketFields, "subject"> & Partial<TicketFields>;

/** One page of the listing, newest first. */
export type TicketPage = Readonly<Schemas["TicketPage"]>;

/** A write that lost to one of the other region. */
export type Conflict = Readonly<Schemas["Conflict"]>;
/** The conflicts of one ticket, newest losing write first. */
export type ConflictHistory = Readonly<Schemas["ConflictHistory"]>;
/** Which tickets had conflicts, newest losing write first. */
export type RecentConflicts = Readonly<Schemas["RecentConflicts"]>;

/** What is wrong with one field. */
export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

/** Problem details: https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemDetails {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Field by field; empty when the refusal is about no field. */
  readonly errors: readonly FieldError[];
  /** The request's id, which the region's logs have too; absent when API Gateway itself refused. */
  readonly requestId?: string;
}

/** Which tickets are listed; every part that is given must match. */
export interface TicketFilter {
  readonly status?: Status;
  /** Exactly as written; `""` for the tickets that nobody has. */
  readonly assignee?: string;
}
