import assert from "node:assert/strict";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type DrillMark, drillMark } from "../../../operations/drill/drill-mark";
import { Fixture, TABLE } from "../../local/aws/dynamodb/local-dynamodb";
import { NOW } from "../../../testing/tickets";

const REGION = { code: "eu-west-1", table: TABLE };
const MINUTE = 60_000;

describe("The mark of a drill", () => {
  let fixture: Fixture;
  let client: DynamoDBDocumentClient;
  let now: number;
  const marks: DrillMark[] = [];
  before(async () => {
    fixture = await Fixture.start();
    await fixture.makeTable();
    client = DynamoDBDocumentClient.from(fixture.ireland);
  });
  beforeEach(() => {
    now = NOW;
  });
  afterEach(async () => {
    for (const mark of marks.splice(0)) await mark.remove();
  });
  after(() => fixture.close());

  const mark = (): DrillMark => {
    marks.push(drillMark(client, REGION, () => now));
    return marks.at(-1) as DrillMark;
  };
  const stored = async (): Promise<Record<string, unknown> | undefined> =>
    (await client.send(new GetCommand({ TableName: TABLE, Key: { id: "drill-eu-west-1" } }))).Item;

  it("keeps every other drill away until it is removed, and says whose it is", async () => {
    const first = mark();
    await first.set(NOW);
    assert.match(String((await stored())?.by), /^operator /);
    await assert.rejects(mark().set(NOW + 1), {
      message:
        /^Another drill is running: operator .*, since .*\. If it has crashed, a new drill can start at .*Z\.$/,
    });
    await first.remove();
    assert.equal(await stored(), undefined);
    await mark().set(NOW + 2);
  });

  it("has no origin, so that it never leaves its region", async () => {
    await mark().set(NOW);
    assert.deepEqual(Object.keys((await stored()) ?? {}).sort(), ["by", "id", "renewedAt", "startedAt"]);
  });

  it("of a drill that died holds for five minutes, and is not removed for another one's", async () => {
    const dead = mark();
    await dead.set(NOW);
    now = NOW + 5 * MINUTE;
    await assert.rejects(mark().set(now), /Another drill is running/);
    now++;
    await mark().set(now);
    await dead.remove();
    assert.equal((await stored())?.startedAt, new Date(now).toISOString());
  });

  it("is left alone by a drill that was refused", async () => {
    await mark().set(NOW);
    const refused = mark();
    await assert.rejects(refused.set(NOW + 1));
    await refused.remove();
    assert.equal((await stored())?.startedAt, new Date(NOW).toISOString());
  });

  for (const [what, item] of Object.entries({
    "a start that is a number": { by: "x", startedAt: 1, renewedAt: NOW },
    "a renewal that is a text": { by: "x", startedAt: "y", renewedAt: "z" },
    "nothing else": {},
    "an origin": { by: "x", startedAt: "y", renewedAt: NOW, origin: "eu-west-1" },
    "a renewal of next year": { by: "x", startedAt: "y", renewedAt: NOW + 365 * 24 * 60 * MINUTE },
  }))
    it(`replaces an item under its key that has ${what}`, async () => {
      const Item = { id: "drill-eu-west-1", ...item };
      await client.send(new PutCommand({ TableName: TABLE, Item }));
      await mark().set(NOW);
      assert.equal((await stored())?.startedAt, new Date(NOW).toISOString());
    });

  it("shows another drill's texts without control characters", async () => {
    const Item = { id: "drill-eu-west-1", by: "\u001b[2J", startedAt: "\u202e", renewedAt: NOW };
    await client.send(new PutCommand({ TableName: TABLE, Item }));
    await assert.rejects(mark().set(NOW), {
      message: /^Another drill is running: \\u001b\[2J, since \\u202e/,
    });
    now = NOW + 6 * MINUTE;
    await mark().set(now);
  });
});
