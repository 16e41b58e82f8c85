import assert from "node:assert/strict";
import { documentedOperations } from "../../functions/openapi/document";
import type { Ticket } from "../../functions/tickets/ticket";
import document from "../../openapi.json";
import type { RunningCloud } from "../../testing/running-cloud";
import { waitFor } from "../support/wait-for";
import { assertDocumented, documentedResponses, documentedHeaders, problemFaults } from "./response-check";
import { CASES, CASES_WITHOUT_TABLES, ContractCase } from "./contract-cases";
import type { ContractContext } from "./contract-context";
import type { HttpClient, HttpResponse } from "./http-client";
import { TwoRegions } from "./two-regions";

const ORIGIN = { origin: "http://page.example" };

describe("openapi.json", function () {
  this.timeout(120_000);

  let world: TwoRegions;
  let context: ContractContext;

  before(async () => {
    world = await TwoRegions.start();
    const [ireland, { api, tables, code }] = world.regions;
    const whileUnanswered: ContractContext["whileUnanswered"] = async (action) => {
      await world.cloud.setRegion("singapore", "writes-unanswered");
      try {
        return await action();
      } finally {
        await world.cloud.setRegion("singapore", "up");
      }
    };
    const disputedId = await dispute(world.cloud, ireland.api, api);
    context = { api, tables, region: code, disputedId, whileUnanswered };
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(world?.cloud.log().slice(-3000));
  });
  after(async () => {
    assert.equal(await world?.stop(), 0);
  });

  const produces = ({ operationId, status, title, send }: ContractCase): void => {
    it(`describes the ${status} of ${operationId}: ${title}`, async () => {
      const response = await send(context);
      assert.equal(response.status, status, response.text);
      assertDocumented(operationId, response, context.region);
    });
  };

  it("has exactly the statuses that the contract cases cover", () => {
    const names = (responses: readonly { operationId: string; status: number }[]): string[] =>
      [...new Set(responses.map(({ operationId, status }) => `${operationId} ${status}`))].sort();
    assert.deepEqual(names([...CASES, ...CASES_WITHOUT_TABLES]), names(documentedResponses()));
  });

  CASES.forEach(produces);

  it("describes lists with entries", async () => {
    const { api, disputedId } = context;
    const conflicts = JSON.parse((await api.get(`/tickets/${disputedId}/conflicts`)).text).conflicts;
    assert.deepEqual(
      conflicts.map(({ losing }: { losing: object }) => "deleted" in losing),
      [true, false],
    );
    assert.equal(JSON.parse((await api.get("/conflicts")).text).conflicts.length, 2);
    assert.equal(JSON.parse((await api.get("/tickets?limit=2")).text).tickets.length, 2);
  });

  it("describes the 504 of a write that was saved, and that the same request returns the saved ticket", async () => {
    const { api, whileUnanswered } = context;
    const send = (): Promise<HttpResponse> =>
      api.sendJson(
        "POST",
        "/tickets",
        { subject: "Saved, not answered" },
        { "idempotency-key": "lost-answer" },
      );
    assert.equal((await whileUnanswered(send)).status, 504);
    const again = await send();
    assert.deepEqual([again.status, again.headers["idempotency-replayed"]], [201, "true"]);
  });

  it("is what both regions serve", async () => {
    for (const { api } of world.regions)
      assert.deepEqual(JSON.parse((await api.get("/openapi.json")).text), document);
  });

  it("describes the problem of a request without an operation", async () => {
    const { api, region } = context;
    const put = await api.sendJson("PUT", "/tickets", {});
    assert.deepEqual([put.status, put.headers.allow], [405, "GET, HEAD, POST, OPTIONS"]);
    const nowhere = await api.get("/nowhere");
    assert.equal(nowhere.status, 404);
    for (const response of [put, nowhere]) assert.deepEqual(problemFaults(response, region), []);
    const options = await api.send({ method: "OPTIONS", path: "/tickets" });
    assert.deepEqual([options.status, options.headers.allow], [204, "GET, HEAD, POST, OPTIONS"]);
  });

  it("has only methods and headers that CORS allows", async () => {
    const { api } = context;
    for (const { method, path, parameters, body } of documentedOperations()) {
      const sent = parameters.filter((parameter) => parameter.in === "header").map(({ name }) => name);
      const asked = ["authorization", ...sent, ...(body ? ["content-type"] : [])];
      const { status, headers } = await api.send({
        method: "OPTIONS",
        path: path.replace("{id}", context.disputedId),
        headers: {
          ...ORIGIN,
          "access-control-request-method": method,
          "access-control-request-headers": asked.join(","),
        },
      });
      assert.deepEqual([status, headers["access-control-allow-origin"]], [204, "*"]);
      assertIncludes(headers["access-control-allow-methods"], [method]);
      assertIncludes(headers["access-control-allow-headers"], asked);
    }
    const { headers } = await api.get("/tickets", ORIGIN);
    assert.equal(headers["access-control-allow-origin"], "*");
    // The accept headers tell a developer which content type to send. Scripts do not read them.
    const exposed = documentedHeaders().filter((name) => !name.startsWith("accept"));
    assertIncludes(headers["access-control-expose-headers"], exposed);
  });

  describe("in a region without tables", () => {
    before(() => context.tables.drop());

    CASES_WITHOUT_TABLES.forEach(produces);
  });
});

function assertIncludes(list: string | undefined, names: readonly string[]): void {
  const listed = (list ?? "").split(",");
  for (const name of names) assert.ok(listed.includes(name), `${name} is not in ${list}.`);
}

/** Creates a ticket with two conflicts in both regions: an edit that lost to an edit, and a delete that lost to an edit. */
async function dispute(cloud: RunningCloud, ireland: HttpClient, singapore: HttpClient): Promise<string> {
  const { headers, text } = await ireland.sendJson("POST", "/tickets", { subject: "Disputed" });
  const path = String(headers.location);
  const versionIs = (version: string): Promise<unknown> =>
    waitFor(async () => JSON.parse((await singapore.get(path)).text).version === version, {
      what: `version ${version} in Singapore`,
    });
  await versionIs((JSON.parse(text) as Ticket).version);
  for (const losing of [
    () => ireland.sendJson("PATCH", path, { subject: "As Ireland has it" }),
    () => ireland.send({ method: "DELETE", path }),
  ]) {
    await cloud.setRegion("ireland", "isolated");
    await losing();
    const winner = await singapore.sendJson("PATCH", path, { subject: `Not so, ${Date.now()}` });
    await cloud.setRegion("ireland", "up");
    await waitFor(async () => (await ireland.get(path)).headers.etag === winner.headers.etag, {
      what: "the winner in Ireland",
    });
  }
  await waitFor(async () => JSON.parse((await singapore.get("/conflicts")).text).conflicts.length === 2, {
    what: "both conflicts in Singapore",
  });
  return path.slice("/tickets/".length);
}
