import assert from "node:assert/strict";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type DrillLock, drillLock } from "../../../../operations/drill/systems/drill-lock";
import { DynamoDBFixture, TABLE } from "../../../local/aws/dynamodb/dynamodb-fixture";
import { NOW } from "../../../../testing/tickets";

const REGION = { code: "eu-west-1", table: TABLE };
const MINUTE = 60_000;

describe("Drill lock", () => {
  let fixture: DynamoDBFixture;
  let client: DynamoDBDocumentClient;
  let now: number;
  const locks: DrillLock[] = [];
  before(async () => {
    fixture = await DynamoDBFixture.start();
    await fixture.createTable();
    client = DynamoDBDocumentClient.from(fixture.ireland);
  });
  beforeEach(() => {
    now = NOW;
  });
  afterEach(async () => {
    for (const lock of locks.splice(0)) await lock.release();
  });
  after(() => fixture.close());

  const lock = (): DrillLock => {
    locks.push(drillLock(client, REGION, () => now));
    return locks.at(-1) as DrillLock;
  };
  const stored = async (): Promise<Record<string, unknown> | undefined> =>
    (await client.send(new GetCommand({ TableName: TABLE, Key: { id: "drill-eu-west-1" } }))).Item;

  it("rejects another drill until it is released, and names its holder", async () => {
    const first = lock();
    await first.acquire(NOW);
    assert.match(String((await stored())?.by), /^operator /);
    await assert.rejects(lock().acquire(NOW + 1), {
      message:
        /^Another drill is running: operator .*, since .*\. If it has crashed, a new drill can start at .*Z\.$/,
    });
    await first.release();
    assert.equal(await stored(), undefined);
    await lock().acquire(NOW + 2);
  });

  it("has no origin, so it does not replicate", async () => {
    await lock().acquire(NOW);
    assert.deepEqual(Object.keys((await stored()) ?? {}).sort(), ["by", "id", "renewedAt", "startedAt"]);
  });

  it("expires five minutes after the last renewal, and its old holder does not release the next lock", async () => {
    const crashed = lock();
    await crashed.acquire(NOW);
    now = NOW + 5 * MINUTE;
    await assert.rejects(lock().acquire(now), /Another drill is running/);
    now++;
    await lock().acquire(now);
    await crashed.release();
    assert.equal((await stored())?.startedAt, new Date(now).toISOString());
  });

  it("is not released by a drill that could not acquire it", async () => {
    await lock().acquire(NOW);
    const refused = lock();
    await assert.rejects(refused.acquire(NOW + 1));
    await refused.release();
    assert.equal((await stored())?.startedAt, new Date(NOW).toISOString());
  });

  for (const [what, item] of Object.entries({
    "a number as start": { by: "x", startedAt: 1, renewedAt: NOW },
    "a string as renewal": { by: "x", startedAt: "y", renewedAt: "z" },
    "no other attributes": {},
    "an origin": { by: "x", startedAt: "y", renewedAt: NOW, origin: "eu-west-1" },
    "a renewal a year ahead": { by: "x", startedAt: "y", renewedAt: NOW + 365 * 24 * 60 * MINUTE },
  }))
    it(`replaces an invalid item with ${what}`, async () => {
      const Item = { id: "drill-eu-west-1", ...item };
      await client.send(new PutCommand({ TableName: TABLE, Item }));
      await lock().acquire(NOW);
      assert.equal((await stored())?.startedAt, new Date(NOW).toISOString());
    });

  it("prints the texts of another drill without control characters", async () => {
    const Item = { id: "drill-eu-west-1", by: "\u001b[2J", startedAt: "\u202e", renewedAt: NOW };
    await client.send(new PutCommand({ TableName: TABLE, Item }));
    await assert.rejects(lock().acquire(NOW), {
      message: /^Another drill is running: \\u001b\[2J, since \\u202e/,
    });
    now = NOW + 6 * MINUTE;
    await lock().acquire(now);
  });
});
