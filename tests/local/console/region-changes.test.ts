import assert from "node:assert/strict";
import { REGION_STATES } from "../../../local/aws/region-state";
import { assertProblem, TestConsole } from "./support/test-console";

describe("console: POST /regions/{name}", () => {
  let tested: TestConsole;

  beforeEach(async () => {
    tested = new TestConsole();
    await tested.start(undefined);
  });
  afterEach(() => tested.close());

  it("changes the state of a region and returns it", async () => {
    for (const wanted of [...REGION_STATES].reverse()) {
      const { status, body } = await tested.change("ireland", JSON.stringify({ state: wanted }));
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(body), { name: "ireland", code: "eu-west-1", state: wanted });
      assert.equal((await tested.ask("/regions/ireland")).body, body);
      assert.equal(tested.regions.byName("ireland").state, wanted);
      assert.equal(tested.regions.byName("singapore").state, "up");
    }
  });

  it("accepts a content type with a charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    assert.equal((await tested.change("ireland", '{"state":"down"}', headers)).status, 200);
  });

  for (const headers of [
    {},
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
  ])
    it(`rejects a change with ${headers["content-type"] ?? "no content type"}, which any site can send`, async () => {
      assertProblem(await tested.change("ireland", '{"state":"down"}', headers), 415, /application\/json/);
      assert.equal(tested.regions.byName("ireland").state, "up");
    });

  for (const body of [
    "",
    "{",
    "null",
    "[]",
    '"down"',
    "{}",
    '{"state":"broken"}',
    '{"state":["down"]}',
    '{"state":null}',
  ])
    it(`rejects the body ${JSON.stringify(body)} and lists the states`, async () => {
      assertProblem(
        await tested.change("ireland", body),
        400,
        /one of up, down, isolated, unreachable, api-down, silent, throttled, writes-fail, dead-address, writes-unanswered, api-writes-unanswered, slow\.$/,
      );
      assert.equal(tested.regions.byName("ireland").state, "up");
    });

  it("rejects a body that is too long, with a complete response", async () => {
    const body = JSON.stringify({ state: "down", padding: "x".repeat(1_000_000) });
    assertProblem(await tested.change("ireland", body), 413, /longer than 1024 bytes/);
    assert.equal(tested.regions.byName("ireland").state, "up");
  });

  it("lists the regions for an unknown one", async () => {
    assertProblem(
      await tested.change("mars", '{"state":"down"}'),
      404,
      /^There is no region mars\. Regions: ireland, singapore\.$/,
    );
  });

  it("rejects other methods on a region and lists the allowed ones", async () => {
    const answer = await tested.ask("/regions/ireland", { method: "DELETE" });
    assertProblem(answer, 405, /^DELETE is not allowed/);
    assert.equal(answer.headers.allow, "GET, HEAD, POST");
  });
});
