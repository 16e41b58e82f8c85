import type { FieldError, ProblemDetails } from "../../functions/problem";
import type { Priority, Status, Ticket, TicketFields } from "../../functions/tickets/ticket";

export type { FieldError, Priority, ProblemDetails, Status, Ticket, TicketFields };

/** Which tickets are listed. */
export type StatusFilter = Status | "all";

/** What a new ticket is made from; the API has defaults for what is left out. */
export type TicketDraft = Pick<TicketFields, "subject"> & Partial<TicketFields>;

/** One page of the listing, newest first. */
export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

/** The API refused a request. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail);
  }
}
