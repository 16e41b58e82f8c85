/** The status of a ticket. */
export type Status = "open" | "assigned" | "closed";
/** The priority of a ticket. */
export type Priority = "low" | "medium" | "high";
/** Which tickets are listed. */
export type StatusFilter = Status | "all";

/** What can be set on a ticket; the API checks the limits. */
export interface TicketFields {
  readonly subject: string;
  readonly description: string;
  readonly customer: string;
  /** Empty when nobody has it. */
  readonly assignee: string;
  readonly priority: Priority;
  readonly status: Status;
}

/** What a new ticket is made from; the API has defaults for what is left out. */
export type TicketDraft = Pick<TicketFields, "subject"> & Partial<TicketFields>;

/** A ticket as the API gives it. */
export interface Ticket extends TicketFields {
  readonly id: string;
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  /** Sorts as text by the order of writes. */
  readonly version: string;
  /** AWS code of the region that wrote the ticket last. */
  readonly origin: string;
}

/** One page of the listing, newest first. */
export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

/** Why the API refused a request: https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemDetails {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** The API refused a request. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail);
  }
}
