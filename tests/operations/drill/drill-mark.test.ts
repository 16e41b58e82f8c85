import assert from "node:assert/strict";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { type DrillMark, drillMark } from "../../../operations/drill/drill-mark";
import { Fixture, TABLE } from "../../local/dynamodb/local-dynamodb";
import { NOW } from "../../support/tickets";

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
        /^Another drill runs: operator .*, since .*\. If it has died, the next one can begin at .*Z\.$/,
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
    await assert.rejects(mark().set(now), /Another drill runs/);
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
});
