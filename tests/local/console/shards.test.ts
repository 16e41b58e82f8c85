import assert from "node:assert/strict";
import { shardRoutes } from "../../../local/console/shard-routes";
import { assertProblem, TestConsole } from "./support/test-console";

describe("console: POST /regions/{name}/shards/{shard}", () => {
  let tested: TestConsole;
  let blocked: Set<string>;

  beforeEach(async () => {
    tested = new TestConsole();
    blocked = new Set();
    const mappings = {
      isBlocked: (region: string, index: number) => blocked.has(`${region} ${index}`),
      blockShard: (region: string, index: number, block: boolean) =>
        void blocked[block ? "add" : "delete"](`${region} ${index}`),
    };
    await tested.start(undefined, shardRoutes(tested.regions, mappings));
  });
  afterEach(() => tested.close());

  const post = (path: string, body: unknown) =>
    tested.ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });

  it("blocks and unblocks a shard and returns its state", async () => {
    for (const wanted of [true, false]) {
      const { status, body } = await post("/regions/ireland/shards/3", { blocked: wanted });
      assert.deepEqual([status, JSON.parse(body)], [200, { name: "ireland", shard: 3, blocked: wanted }]);
      assert.equal((await tested.ask("/regions/ireland/shards/3")).body, body);
      assert.deepEqual([...blocked], wanted ? ["eu-west-1 3"] : []);
    }
  });

  it("rejects another body, and a shard or region that cannot exist", async () => {
    assertProblem(await post("/regions/ireland/shards/3", { blocked: 1 }), 400, /"blocked": true/);
    assertProblem(await post("/regions/ireland/shards/x", { blocked: true }), 404, /no shard x/);
    assertProblem(await post("/regions/atlantis/shards/0", { blocked: true }), 404, /no region atlantis/);
    assert.equal(blocked.size, 0);
  });
});
