import {
  ApiProblem,
  ProblemDetails,
  StatusFilter,
  Ticket,
  TicketDraft,
  TicketFields,
  TicketPage,
} from "./api-types";
import type { Answer, RegionalClient } from "./regional-client";

/** How many tickets a page of the listing has. */
const PAGE_SIZE = 25;

/**
 * The ticket API. Every method throws ApiProblem when the API refuses, and what RegionalClient throws when no region
 * answers.
 */
export class TicketApi {
  constructor(private readonly client: Pick<RegionalClient, "read" | "write">) {}

  /** A page of the listing, newest first. */
  async list(filter: StatusFilter, cursor?: string): Promise<TicketPage> {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (filter !== "all") query.set("status", filter);
    if (cursor !== undefined) query.set("cursor", cursor);
    return pageOf(await this.client.read(`/tickets?${query}`));
  }

  /** Creates a ticket. */
  async create(draft: TicketDraft): Promise<Ticket> {
    return ticketOf(await this.client.write("POST", "/tickets", draft));
  }

  /** Changes the fields that are given. */
  async change(id: string, changes: Partial<TicketFields>): Promise<Ticket> {
    return ticketOf(await this.client.write("PATCH", `/tickets/${encodeURIComponent(id)}`, changes));
  }

  /** Deletes a ticket. */
  async remove(id: string): Promise<void> {
    succeeded(await this.client.write("DELETE", `/tickets/${encodeURIComponent(id)}`));
  }
}

function pageOf(answer: Answer): TicketPage {
  const page = succeeded(answer) as TicketPage | undefined;
  if (!Array.isArray(page?.tickets)) throw unexpected(answer, "a page of tickets");
  return page as TicketPage;
}

function ticketOf(answer: Answer): Ticket {
  const ticket = succeeded(answer) as Ticket | undefined;
  if (typeof ticket?.id !== "string") throw unexpected(answer, "a ticket");
  return ticket;
}

function succeeded(answer: Answer): unknown {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new ApiProblem(problemOf(answer));
}

/** API Gateway's own refusals, such as 429, are no problem details: they have a `message` only. */
function problemOf({ status, body }: Answer): ProblemDetails {
  const { title, detail, errors, message } = (body ?? {}) as Partial<ProblemDetails & { message: string }>;
  return {
    status,
    title: title ?? "The request was refused",
    detail: detail ?? title ?? message ?? `The API answered ${status}.`,
    errors: Array.isArray(errors) ? errors : [],
  };
}

function unexpected({ status }: Answer, wanted: string): ApiProblem {
  const detail = `The API answered ${status} without ${wanted}.`;
  return new ApiProblem({ status, title: "Unexpected answer", detail });
}
