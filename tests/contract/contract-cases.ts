import assert from "node:assert/strict";
import { ulid } from "ulid";
import { documentedOperations, type OperationId } from "../../functions/openapi/document";
import { MAXIMUM_BODY_BYTES } from "../../functions/http/json-body";
import { waitFor } from "../support/wait-for";
import type { HttpResponse, HttpClient } from "./http-client";
import { type ContractContext, lostRace, newPath, newTicket, pathFromTheFuture } from "./contract-context";

/** Request that produces a documented response. */
export interface ContractCase {
  readonly operationId: OperationId;
  readonly status: number;
  /** Distinguishing property of the request. */
  readonly title: string;
  readonly send: (context: ContractContext) => Promise<HttpResponse>;
}

const OVERSIZED = { subject: "x".repeat(MAXIMUM_BODY_BYTES) };
const TEXT = { "content-type": "text/plain" };

/** Cases in a healthy region. */
export const CASES: readonly ContractCase[] = withHead([
  contractCase("listTickets", 200, "a page with the cursor of the previous page", async ({ api }) => {
    await newTicket(api);
    await newTicket(api);
    // Indexes show the new tickets late.
    const cursor = await waitFor(
      async () => (JSON.parse((await api.get("/tickets?limit=1")).text) as { cursor?: string }).cursor,
      { what: "a list of two pages" },
    );
    return api.get(`/tickets?limit=1&status=open&assignee=&cursor=${cursor}`);
  }),
  contractCase("listTickets", 400, "several parameters at once", ({ api }) =>
    api.get("/tickets?status=lost&limit=0&cursor=x&color=red"),
  ),
  contractCase("createTicket", 201, "no idempotency key", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "New" }),
  ),
  contractCase("createTicket", 201, "an idempotency key with the same body again", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    await api.sendJson("POST", "/tickets", { subject: "Once" }, key);
    return api.sendJson("POST", "/tickets", { subject: "Once" }, key);
  }),
  contractCase("createTicket", 400, "an empty object", ({ api }) => api.sendJson("POST", "/tickets", {})),
  contractCase("createTicket", 409, "the idempotency key of a deleted ticket", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    const made = await api.sendJson("POST", "/tickets", { subject: "Gone" }, key);
    await api.send({ method: "DELETE", path: String(made.headers.location) });
    return api.sendJson("POST", "/tickets", { subject: "Gone" }, key);
  }),
  contractCase("createTicket", 413, "a subject of 64 KiB", ({ api }) =>
    api.sendJson("POST", "/tickets", OVERSIZED),
  ),
  contractCase("createTicket", 415, "a body of the type text/plain", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "Text" }, TEXT),
  ),
  contractCase("createTicket", 415, "a compressed body", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "Text" }, { "content-encoding": "gzip" }),
  ),
  contractCase("createTicket", 400, "a byte that is not UTF-8", ({ api }) =>
    api.send({
      method: "POST",
      path: "/tickets",
      headers: { "content-type": "application/json;" },
      body: Buffer.from('{"subject":"\xE9"}', "latin1"),
    }),
  ),
  contractCase("createTicket", 422, "an idempotency key that was used with another body", async ({ api }) => {
    const key = { "idempotency-key": ulid() };
    await api.sendJson("POST", "/tickets", { subject: "One" }, key);
    return api.sendJson("POST", "/tickets", { subject: "Another" }, key);
  }),
  contractCase("createTicket", 504, "a write without a response", ({ api, whileUnanswered }) =>
    whileUnanswered(() => api.sendJson("POST", "/tickets", { subject: "Saved" })),
  ),
  contractCase("getTicket", 200, "an unknown ETag", async ({ api }) =>
    api.get(await newPath(api), { "if-none-match": '"1", W/"2"' }),
  ),
  contractCase("getTicket", 304, "the current ETag", async ({ api }) => {
    const path = await newPath(api);
    return api.get(path, { "if-none-match": `W/${(await api.get(path)).headers.etag}` });
  }),
  contractCase("getTicket", 400, "a malformed id", ({ api }) => api.get("/tickets/1")),
  contractCase("getTicket", 404, "an unknown id", ({ api }) => api.get(`/tickets/${ulid()}`)),
  contractCase("updateTicket", 200, "the current ETag", async ({ api }) => {
    const path = await newPath(api);
    const { etag = "" } = (await api.get(path)).headers;
    return api.sendJson("PATCH", path, { status: "closed" }, { "if-match": etag });
  }),
  contractCase("updateTicket", 400, "invalid fields", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), { status: "lost", resolvedConflict: "1", color: "red" }),
  ),
  contractCase("updateTicket", 404, "an unknown id", ({ api }) =>
    api.sendJson("PATCH", `/tickets/${ulid()}`, { status: "closed" }),
  ),
  contractCase("updateTicket", 409, "a ticket that keeps changing", (context) =>
    lostRace(context, (path) => context.api.sendJson("PATCH", path, { status: "closed" })),
  ),
  contractCase("updateTicket", 409, "a version of no conflict", async ({ api }) => {
    const { id, version } = await newTicket(api);
    const resolvedConflict = version.replace(/^\d{3}/, "000");
    return api.sendJson("PATCH", `/tickets/${id}`, { resolvedConflict });
  }),
  contractCase("updateTicket", 412, "the ETag before the last edit", async ({ api }) => {
    const path = await newPath(api);
    const { etag = "" } = (await api.get(path)).headers;
    await api.sendJson("PATCH", path, { status: "assigned" });
    return api.sendJson("PATCH", path, { status: "closed" }, { "if-match": etag });
  }),
  contractCase("updateTicket", 413, "a subject of 64 KiB", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), OVERSIZED),
  ),
  contractCase("updateTicket", 415, "a body of the type text/plain", async ({ api }) =>
    api.sendJson("PATCH", await newPath(api), { status: "closed" }, TEXT),
  ),
  contractCase("updateTicket", 503, "a ticket with a version in the future", async (context) =>
    context.api.sendJson("PATCH", await pathFromTheFuture(context), { status: "closed" }),
  ),
  contractCase("updateTicket", 504, "a write without a response", async ({ api, whileUnanswered }) => {
    const path = await newPath(api);
    return whileUnanswered(() => api.sendJson("PATCH", path, { status: "closed" }));
  }),
  contractCase("deleteTicket", 204, "any ETag", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": "*" } }),
  ),
  contractCase("deleteTicket", 400, "an ETag without its quotes", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": "1" } }),
  ),
  contractCase("deleteTicket", 409, "a ticket that keeps changing", (context) =>
    lostRace(context, (path) => context.api.send({ method: "DELETE", path })),
  ),
  contractCase("deleteTicket", 412, "an unknown ETag", async ({ api }) =>
    api.send({ method: "DELETE", path: await newPath(api), headers: { "if-match": '"1"' } }),
  ),
  contractCase("deleteTicket", 503, "a ticket with a version in the future", async (context) =>
    context.api.send({ method: "DELETE", path: await pathFromTheFuture(context) }),
  ),
  contractCase("deleteTicket", 504, "a write without a response", async ({ api, whileUnanswered }) => {
    const path = await newPath(api);
    return whileUnanswered(() => api.send({ method: "DELETE", path }));
  }),
  contractCase("listConflicts", 200, "a ticket with conflicts", ({ api, disputedId }) =>
    api.get(`/tickets/${disputedId}/conflicts`),
  ),
  contractCase("listConflicts", 400, "a malformed id", ({ api }) => api.get("/tickets/1/conflicts")),
  contractCase("listRecentConflicts", 200, "a page with a cursor", async ({ api }) => {
    const { cursor } = JSON.parse((await api.get("/conflicts?limit=1")).text) as { cursor: string };
    return api.get(`/conflicts?limit=100&cursor=${cursor}`);
  }),
  contractCase("listRecentConflicts", 400, "an invalid limit", ({ api }) => api.get("/conflicts?limit=none")),
  contractCase("checkHealth", 200, "no parameters", ({ api }) => api.get("/health")),
  contractCase("checkHealth", 400, "an unknown parameter", ({ api }) => api.get("/health?deep=true")),
  contractCase("describeRouting", 200, "no parameters", ({ api }) => api.get("/routing")),
  contractCase("describeRouting", 400, "an unknown parameter", ({ api }) => api.get("/routing?deep=true")),
  contractCase("describeApi", 200, "no parameters", ({ api }) => api.get("/openapi.json")),
  contractCase("describeApi", 400, "an unknown parameter", ({ api }) => api.get("/openapi.json?version=1")),
]);

/** Cases in a region without tables. */
export const CASES_WITHOUT_TABLES: readonly ContractCase[] = withHead([
  contractCase("listTickets", 503, "no parameters", ({ api }) => api.get("/tickets")),
  contractCase("createTicket", 503, "a valid body", ({ api }) =>
    api.sendJson("POST", "/tickets", { subject: "New" }),
  ),
  contractCase("getTicket", 503, "an id", ({ api }) => api.get(`/tickets/${ulid()}`)),
  contractCase("updateTicket", 503, "a valid body", ({ api }) =>
    api.sendJson("PATCH", `/tickets/${ulid()}`, { status: "closed" }),
  ),
  contractCase("deleteTicket", 503, "an id", ({ api }) =>
    api.send({ method: "DELETE", path: `/tickets/${ulid()}` }),
  ),
  contractCase("listConflicts", 503, "an id", ({ api }) => api.get(`/tickets/${ulid()}/conflicts`)),
  contractCase("listRecentConflicts", 503, "no parameters", ({ api }) => api.get("/conflicts")),
  contractCase("checkHealth", 503, "no parameters", ({ api }) => uncachedResponse(api, "/health")),
  contractCase("describeRouting", 503, "no parameters", ({ api }) => uncachedResponse(api, "/routing")),
]);

/** Returns the first response that is not cached. The function caches a response for one second. */
function uncachedResponse(api: HttpClient, path: string): Promise<HttpResponse> {
  return waitFor(
    async () => {
      const response = await api.get(path);
      return response.status !== 200 && response;
    },
    { what: `an uncached response of ${path}` },
  );
}

/**
 * Returns the cases and, for each GET, the same case as HEAD, whose response has the same headers. Its request comes from the same code,
 * with a client that repeats its last GET as HEAD.
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
      const response = await context.api.send({ method: "HEAD", path, headers });
      assert.equal(response.text, "");
      for (const name of ["content-type", "content-length", "etag", "cache-control"])
        if (got.headers[name] !== undefined) assert.equal(response.headers[name] !== undefined, true, name);
      return response;
    };
    return [of, { ...of, operationId: head.operationId, send }];
  });
}

function contractCase(
  operationId: OperationId,
  status: number,
  title: string,
  send: ContractCase["send"],
): ContractCase {
  return { operationId, status, title, send };
}
