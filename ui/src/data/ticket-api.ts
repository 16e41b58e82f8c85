import type {
  ConflictHistory,
  Conflict,
  ProblemDetails,
  RecentConflicts,
  Ticket,
  TicketChanges,
  TicketDraft,
  TicketFilter,
  TicketPage,
} from "./api-types";
import { ApiProblem, isUnknownConflict, RegionBehind } from "./errors";
import { displayable } from "./field-normalization";
import type { RegionResponse } from "./region-request";
import type { ClientResponse } from "./client-request";
import type { RegionalClient } from "./regional-client";

/** Value that was read or written, and the AWS code of the region that responded. */
export interface FromRegion<T> {
  readonly value: T;
  readonly region: string;
}

/** The ticket has another version. `uncertain`: another region may have applied the write. */
export type Changed = "changed" | "uncertain";

/** Returns the newest version of a ticket that each region has returned, by AWS region code. */
export type KnownVersions = (id: string) => Readonly<Record<string, string>>;

/**
 * Client of the ticket API. Every method throws ApiProblem when the API rejects the request, and NoRegionResponds. For methods
 * of one ticket, a 404 or 412 is inconclusive when the region may not have the known version yet, and a 409 when it does not have the
 * resolved conflict: they send the request to the other region. They throw RegionBehind when no region gives a conclusive 404 or 412.
 */
export class TicketApi {
  constructor(
    private readonly client: Pick<RegionalClient, "send">,
    private readonly known: KnownVersions,
  ) {}

  /** Reads a page of the listing, newest first. */
  async list(filter: TicketFilter, limit: number, cursor?: string): Promise<FromRegion<TicketPage>> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (filter.status !== undefined) query.set("status", filter.status);
    if (filter.assignee !== undefined) query.set("assignee", filter.assignee);
    if (cursor !== undefined) query.set("cursor", cursor);
    const response = await this.client.send({ method: "GET", path: `/tickets?${query}` });
    const page = bodyOf<TicketPage>(response, "a page of tickets", ({ tickets }) => Array.isArray(tickets));
    return { ...page, value: { ...page.value, tickets: page.value.tickets.map(displayable) } };
  }

  /** Reads which tickets had conflicts: the newest hundred entries. */
  async recentConflicts(): Promise<RecentConflicts> {
    const response = await this.client.send({ method: "GET", path: "/conflicts?limit=100" });
    return bodyOf<RecentConflicts>(response, "conflicts", ({ conflicts }) => Array.isArray(conflicts)).value;
  }

  /** Reads the conflicts of a ticket, newest losing write first. */
  async conflicts(id: string): Promise<ConflictHistory> {
    const response = await this.client.send({ method: "GET", path: `${pathOf(id)}/conflicts` });
    const { value } = bodyOf<ConflictHistory>(response, "conflicts", ({ conflicts }) =>
      Array.isArray(conflicts),
    );
    return { ...value, conflicts: value.conflicts.map(presentableConflict) };
  }

  /**
   * Reads a ticket in this version or a newer one; undefined when it was deleted or no region has it.
   * @param version `""` for any version.
   * @throws RegionBehind when a region that does not respond may have the ticket, or a newer version of it.
   */
  async read(id: string, version: string): Promise<FromRegion<Ticket | undefined>> {
    const known = this.known(id);
    const response = await this.client.send({
      method: "GET",
      path: pathOf(id),
      isConclusive: ({ status, body, servedBy }) =>
        status === 200 ? (body as Ticket).version >= version : status !== 404 || servedBy in known,
    });
    const isMissing = response.status === 404;
    if (!response.conclusive && !(isMissing && response.unanimous)) throw new RegionBehind(response.servedBy);
    return isMissing ? { value: undefined, region: response.servedBy } : ticketOf(response);
  }

  /** Creates a ticket. The same idempotency key returns the same ticket. */
  async create(draft: TicketDraft, key: string): Promise<FromRegion<Ticket>> {
    const headers = { "idempotency-key": key };
    return ticketOf(await this.client.send({ method: "POST", path: "/tickets", headers, body: draft }));
  }

  /**
   * Changes fields of a ticket if it has this version.
   * @returns whether it has another version, or undefined when it was deleted and no region can have applied the change.
   * @throws RegionBehind
   */
  async change(
    id: string,
    changes: TicketChanges,
    version: string,
  ): Promise<FromRegion<Ticket> | Changed | undefined> {
    const response = await this.client.send({
      method: "PATCH",
      path: pathOf(id),
      headers: { "if-match": `"${version}"` },
      body: changes,
      isConclusive: this.isConclusiveWrite(id, version),
    });
    if (response.status === 412) return changed(response);
    if (response.status !== 404) return ticketOf(response);
    if (!response.conclusive) throw new RegionBehind(response.servedBy, response.uncertain);
    return response.uncertain ? "uncertain" : undefined;
  }

  /**
   * Deletes a ticket if it has this version.
   * @param keepalive whether the request continues when the user leaves the web UI.
   * @returns whether it was removed or has another version.
   */
  async remove(id: string, version: string, keepalive: boolean): Promise<"removed" | Changed> {
    const response = await this.client.send({
      method: "DELETE",
      path: pathOf(id),
      headers: { "if-match": `"${version}"` },
      keepalive,
      isConclusive: this.isConclusiveWrite(id, version),
    });
    if (response.status === 412) return changed(response);
    successBody(response);
    return "removed";
  }

  /** Uses the versions known when the request is sent: its response may be older than versions that arrive in the meantime. */
  private isConclusiveWrite(id: string, version: string): (response: RegionResponse) => boolean {
    const known = this.known(id);
    return (response) => {
      const { status, servedBy } = response;
      if (status === 412) return (known[servedBy] ?? "") >= version;
      if (isUnknownConflict(problemOf(response))) return false;
      return status !== 404 || servedBy in known;
    };
  }
}

function changed({ uncertain }: ClientResponse): Changed {
  return uncertain ? "uncertain" : "changed";
}

function pathOf(id: string): string {
  return `/tickets/${encodeURIComponent(id)}`;
}

function ticketOf(response: ClientResponse): FromRegion<Ticket> {
  const ticket = bodyOf<Ticket>(response, "a ticket", ({ id, version }) => Boolean(id && version));
  return { ...ticket, value: displayable(ticket.value) };
}

function presentableConflict(conflict: Conflict): Conflict {
  const { losing } = conflict;
  return "deleted" in losing ? conflict : { ...conflict, losing: displayable(losing) };
}

function bodyOf<T>(
  response: ClientResponse,
  wanted: string,
  isWanted: (body: Partial<T>) => boolean,
): FromRegion<T> {
  const body = successBody(response) as T | undefined;
  if (!body || !isWanted(body)) throw unexpectedResponse(response, wanted);
  return { value: body, region: response.servedBy };
}

function successBody(response: ClientResponse): unknown {
  if (response.status >= 200 && response.status < 300) return response.body;
  throw new ApiProblem(problemOf(response), response.uncertain);
}

/** Converts an error response. Errors of API Gateway itself, such as 429, have a `message` instead of problem details. */
function problemOf({ status, body }: RegionResponse): ProblemDetails {
  const given = (body ?? {}) as Partial<ProblemDetails & { message: string }>;
  const { title, detail, errors, message, requestId } = given;
  return {
    status,
    title: title ?? "The request was rejected",
    detail: detail ?? title ?? message ?? `The API returned ${status}.`,
    errors: Array.isArray(errors) ? errors : [],
    requestId,
  };
}

function unexpectedResponse({ status, uncertain }: ClientResponse, wanted: string): ApiProblem {
  const detail = `The API returned ${status} without ${wanted}.`;
  return new ApiProblem({ status, title: "Unexpected response", detail, errors: [] }, uncertain);
}
