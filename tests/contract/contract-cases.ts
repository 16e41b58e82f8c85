import assert from "node:assert/strict";
import { ulid } from "ulid";
import { documentedOperations, type OperationId } from "../../functions/openapi/document";
import { formatVersion } from "../../functions/replication/version";
import { MAXIMUM_BODY_BYTES } from "../../functions/http/json-body";
import type { Ticket } from "../../functions/tickets/ticket";
import { ticketItem } from "../../testing/tickets";
import { waitFor } from "../support/wait-for";
import type { HttpResponse, HttpClient } from "./http-client";
import type { TableAccess } from "./table-access";

/** What a case works with: one region, and a ticket of it that had conflicts with the other one. */
export interface ContractContext {
  readonly api: HttpClient;
  readonly tables: TableAccess;
  /** AWS code. */
  readonly region: string;
  readonly disputedId: string;
}

/** A way to an answer of the document. */
export interface ContractCase {
  readonly operationId: OperationId;
  readonly status: number;
  /** What is peculiar about the request. */
  readonly title: string;
  readonly send: (context: ContractContext) => Promise<HttpResponse>;
}

const OVERSIZED = { subject: "x".repeat(MAXIMUM_BODY_BYTES) };
const TEXT = { "content-type": "text/plain" };
const FAR_AHEAD_MS = 3_600_000;
/** So many tickets are tried until a write to one that keeps changing has lost its race often enough. */
const RACES = 20;

/** Cases in a region that works. */
export const CASES: readonly ContractCase[] = withHead([
  answer("listTickets", 200, "a page with a cursor, of the page before", async ({ api }) => {
    await newTicket(api);
    await newTicket(api);
    const { cursor } = JSON.parse((await api.get("/tickets?limit=1")).text) as { cursor: string };
    return api.get(`/tickets?limit=1&status=open&assignee=&cursor=${cursor}`);
  }),
  answer("listTickets", 400, "several parameters at once", ({ api }) =>
    api.get("/tickets?status=lost&limit=0&cursor=x&colour=red"),
  ),
  answer("createTicket", 201, "no key", ({ api }) => api.sendJson("POST", "/tickets", { subject: "New" })),
  answer("createTicket", 201, "a key that was used for the same before", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    await api.sendJson("POST", "/tickets", { subject: "Once" }, key);
    return api.sendJson("POST", "/tickets", { subject: "Once" }, key);
  }),
  answer("createTicket", 400, "nothing in the body", ({ api }) => api.sendJson("POST", "/tickets", {})),
  answer("createTicket", 409, "the key of a ticket that was deleted", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    const made = await api.sendJson("POST", "/tickets", { subject: "Gone" }, key);
    await api.send({ method: "DELETE", path: String(made.headers.location) });
    return api.sendJson("POST", "/tickets", { subject: "Gone" }, key);
  }),
  answer("createTicket", 413, "a subject of 64 KiB", ({ api }) =>
    api.sendJson("POST", "/tickets", OVERSIZED),
  ),
  answer("createTicket", 415, "a body that says it is text", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "Text" }, TEXT),
  ),
  answer("createTicket", 415, "a body that is compressed", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "Text" }, { "content-encoding": "gzip" }),
  ),
  answer("createTicket", 400, "a byte that is not UTF-8", ({ api }) =>
    api.send({
      method: "POST",
      path: "/tickets",
      headers: { "content-type": "application/json;" },
      body: Buffer.from('{"subject":"\xE9"}', "latin1"),
    }),
  ),
  answer("createTicket", 422, "a key that was used for something else", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    await api.sendJson("POST", "/tickets", { subject: "One" }, key);
    return api.sendJson("POST", "/tickets", { subject: "Another" }, key);
  }),
  answer("getTicket", 200, "an ETag that it never had", async ({ api }) =>
    api.get(await newPath(api), { "if-none-match": '"1", W/"2"' }),
  ),
  answer("getTicket", 304, "its own ETag", async ({ api }) => {
    const path = await newPath(api);
    return api.get(path, { "if-none-match": `W/${(await api.get(path)).headers.etag}` });
  }),
  answer("getTicket", 400, "an id that is none", ({ api }) => api.get("/tickets/1")),
  answer("getTicket", 404, "an id that no ticket has", ({ api }) => api.get(`/tickets/${ulid()}`)),
  answer("updateTicket", 200, "its own ETag", async ({ api }) => {
    const path = await newPath(api);
    const { etag = "" } = (await api.get(path)).headers;
    return api.sendJson("PATCH", path, { status: "closed" }, { "if-match": etag });
  }),
  answer("updateTicket", 400, "fields that cannot be so", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), { status: "lost", resolvedConflict: "1", colour: "red" }),
  ),
  answer("updateTicket", 404, "an id that no ticket has", ({ api }) =>
    api.sendJson("PATCH", `/tickets/${ulid()}`, { status: "closed" }),
  ),
  answer("updateTicket", 409, "a ticket that keeps changing", (context) =>
    lostRace(context, (path) => context.api.sendJson("PATCH", path, { status: "closed" })),
  ),
  answer("updateTicket", 412, "the ETag before the last edit", async ({ api }) => {
    const path = await newPath(api);
    const { etag = "" } = (await api.get(path)).headers;
    await api.sendJson("PATCH", path, { status: "assigned" });
    return api.sendJson("PATCH", path, { status: "closed" }, { "if-match": etag });
  }),
  answer("updateTicket", 413, "a subject of 64 KiB", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), OVERSIZED),
  ),
  answer("updateTicket", 415, "a body that says it is text", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), { status: "closed" }, TEXT),
  ),
  answer("updateTicket", 503, "a ticket from the future", async (context) =>
    context.api.sendJson("PATCH", await pathFromTheFuture(context), { status: "closed" }),
  ),
  answer("deleteTicket", 204, "any ETag", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": "*" } }),
  ),
  answer("deleteTicket", 400, "an ETag without its quotes", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": "1" } }),
  ),
  answer("deleteTicket", 409, "a ticket that keeps changing", (context) =>
    lostRace(context, (path) => context.api.send({ method: "DELETE", path })),
  ),
  answer("deleteTicket", 412, "an ETag that it never had", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": '"1"' } }),
  ),
  answer("deleteTicket", 503, "a ticket from the future", async (context) =>
    context.api.send({ method: "DELETE", path: await pathFromTheFuture(context) }),
  ),
  answer("listConflicts", 200, "a ticket with conflicts", ({ api, disputedId }) =>
    api.get(`/tickets/${disputedId}/conflicts`),
  ),
  answer("listConflicts", 400, "an id that is none", ({ api }) => api.get("/tickets/1/conflicts")),
  answer("listRecentConflicts", 200, "a page with a cursor", async ({ api }) => {
    const { cursor } = JSON.parse((await api.get("/conflicts?limit=1")).text) as { cursor: string };
    return api.get(`/conflicts?limit=100&cursor=${cursor}`);
  }),
  answer("listRecentConflicts", 400, "a limit that is none", ({ api }) => api.get("/conflicts?limit=none")),
  answer("checkHealth", 200, "nothing", ({ api }) => api.get("/health")),
  answer("checkHealth", 400, "a parameter", ({ api }) => api.get("/health?deep=true")),
  answer("describeRouting", 200, "nothing", ({ api }) => api.get("/routing")),
  answer("describeRouting", 400, "a parameter", ({ api }) => api.get("/routing?deep=true")),
  answer("describeApi", 200, "nothing", ({ api }) => api.get("/openapi.json")),
  answer("describeApi", 400, "a parameter", ({ api }) => api.get("/openapi.json?version=1")),
]);

/** Cases in a region whose tables are gone. */
export const CASES_WITHOUT_TABLES: readonly ContractCase[] = withHead([
  answer("listTickets", 503, "nothing", ({ api }) => api.get("/tickets")),
  answer("createTicket", 503, "a good body", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "New" }),
  ),
  answer("getTicket", 503, "an id", ({ api }) => api.get(`/tickets/${ulid()}`)),
  answer("updateTicket", 503, "a good body", ({ api }) =>
    api.sendJson("PATCH", `/tickets/${ulid()}`, { status: "closed" }),
  ),
  answer("deleteTicket", 503, "an id", ({ api }) =>
    api.send({ method: "DELETE", path: `/tickets/${ulid()}` }),
  ),
  answer("listConflicts", 503, "an id", ({ api }) => api.get(`/tickets/${ulid()}/conflicts`)),
  answer("listRecentConflicts", 503, "nothing", ({ api }) => api.get("/conflicts")),
  answer("checkHealth", 503, "nothing", ({ api }) => askedAnew(api, "/health")),
  answer("describeRouting", 503, "nothing", ({ api }) => askedAnew(api, "/routing")),
]);

/** The answer of a region without tables to what it may have answered before: such an answer is given again for a second. */
function askedAnew(api: HttpClient, path: string): Promise<HttpResponse> {
  return waitFor(
    async () => {
      const given = await api.get(path);
      return given.status !== 200 && given;
    },
    { what: `an answer of ${path} that was not given before` },
  );
}

/**
 * The cases, each of a GET again as the HEAD that answers with the same headers. Its request is made by the same code, with a
 * client whose last GET is followed by a HEAD.
 */
function withHead(cases: readonly ContractCase[]): ContractCase[] {
  const heads = documentedOperations().filter(({ method }) => method === "HEAD");
  return cases.flatMap((of) => {
    const head = heads.find(({ operationId }) => operationId === `${of.operationId}Head`);
    if (!head) return [of];
    const send: ContractCase["send"] = async (context) => {
      const recorder = context.api.recordingGets();
      const got = await of.send({ ...context, api: recorder.client });
      const { path, headers } = recorder.last();
      const answered = await context.api.send({ method: "HEAD", path, headers });
      assert.equal(answered.text, "");
      for (const name of ["content-type", "content-length", "etag", "cache-control"])
        if (got.headers[name] !== undefined) assert.equal(answered.headers[name] !== undefined, true, name);
      return answered;
    };
    return [of, { ...of, operationId: head.operationId, send }];
  });
}

function answer(
  operationId: OperationId,
  status: number,
  title: string,
  send: ContractCase["send"],
): ContractCase {
  return { operationId, status, title, send };
}

async function newTicket(api: HttpClient): Promise<Ticket> {
  return JSON.parse((await api.sendJson("POST", "/tickets", { subject: "Any" })).text) as Ticket;
}

async function newPath(api: HttpClient): Promise<string> {
  return `/tickets/${(await newTicket(api)).id}`;
}

/** The first answer to a write of a ticket that others keep changing that is no success, of so many tickets. */
async function lostRace(
  { api, tables }: ContractContext,
  write: (path: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  for (let race = 1; ; race++) {
    const { id } = await newTicket(api);
    const last = await tables.whileChanging(id, () => write(`/tickets/${id}`));
    if (last.status >= 300 || race === RACES) return last;
  }
}

/** Of a ticket that somebody wrote by a clock that is an hour ahead. */
async function pathFromTheFuture({ tables, region }: ContractContext): Promise<string> {
  const version = formatVersion({ milliseconds: Date.now() + FAR_AHEAD_MS, counter: 0, region });
  const item = ticketItem({ id: ulid(), version, origin: region });
  await tables.store(item);
  return `/tickets/${item.id}`;
}
