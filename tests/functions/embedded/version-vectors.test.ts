import assert from "node:assert/strict";
import { MAXIMUM_SEEN_REGIONS } from "../../../functions/replication/attributes";
import { replicate } from "../../../functions/replication/replicate";
import { dynamoDB } from "../../../functions/shared/aws";
import type { Image } from "../../../functions/shared/image";
import type { ConnectedRegion } from "../../../operations/cli/aws-clients";
import { applierFor } from "../../../operations/reconcile/apply-image";
import { reconciledTable } from "../../../operations/reconcile/dynamodb-table";
import { replay } from "../../../operations/redrive/replay";
import { toImage } from "../../../testing/attribute-values";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { Replays } from "../../operations/redrive/support/replays";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { ticketApi, type TicketApi } from "./api-handlers";
import {
  CONFLICT_TABLE_NAMES,
  EmbeddedTable,
  FAKE_CREDENTIALS,
  TABLE_NAME,
  TABLE_VARIABLES,
} from "./embedded-table";

/** Regions in a version vector of an item that the application did not write. */
const REGIONS = 500;

/** Longer than all region codes of AWS. */
const FOREIGN = Array.from({ length: REGIONS }, (_, index) => `xx-${letters(index)}somewhere-far-away-1`);

/** The local DynamoDB enforces the limits of expressions: see `Limits of the local DynamoDB`. */
describe("version vector of 500 regions on an emulated DynamoDB", () => {
  captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "ireland-to-singapore",
    ...TABLE_VARIABLES,
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: TABLE_NAME,
    TARGET_CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.there,
    QUARANTINE_QUEUE_URL: "http://127.0.0.1:9/none",
    FAILURE_BUCKET_NAME: "none",
    ...FAKE_CREDENTIALS,
  });
  const table = new EmbeddedTable(SINGAPORE);
  let api: TicketApi;
  let region: ConnectedRegion;
  let last = 0;
  before(() => {
    api = ticketApi();
    const { client } = dynamoDB(SINGAPORE, { connectionTimeout: 1000, requestTimeout: 5000, maxAttempts: 1 });
    const tables = { table: TABLE_NAME, conflictTable: CONFLICT_TABLE_NAMES.there };
    region = { region: tables, clients: { dynamodb: client } } as unknown as ConnectedRegion;
  });
  after(() => region.clients.dynamodb.destroy());

  /** Versions of all foreign regions. */
  const manySeen = (at = -1000): Record<string, string> =>
    Object.fromEntries(FOREIGN.map((code, index) => [code, versionAt(at - index, code)]));
  const stored = async (item: object): Promise<string> => {
    const id = idOf(++last);
    await table.store({ ...item, id });
    return id;
  };
  const seenOf = async (id: string): Promise<readonly string[]> =>
    Object.keys((await table.stored(id))?.seen?.M ?? {});
  const conflictsOf = async (id: string): Promise<Image[]> =>
    (await table.conflicts(CONFLICT_TABLE_NAMES.there)).filter((entry) => entry.id.S === id);

  it("shrinks to the newest regions when a ticket is edited, and again when it is deleted", async () => {
    const before = versionAt(-1);
    const id = await stored(ticketItem({ version: before, seen: manySeen() }));
    for (const subject of ["First edit", "Second edit"]) {
      const { status, body } = await api.update(id, { subject });
      assert.equal(status, 200, JSON.stringify(body));
      const seen = await seenOf(id);
      assert.equal(seen.length, MAXIMUM_SEEN_REGIONS);
      assert.deepEqual([seen.includes(IRELAND), seen.includes(FOREIGN[0])], [true, true]);
    }
    assert.equal((await api.delete(id)).status, 204);
    assert.equal((await seenOf(id)).length, MAXIMUM_SEEN_REGIONS);
  });

  it("shrinks when a malformed ticket is corrected", async () => {
    const id = await stored({ ...ticketItem({ seen: manySeen() }), subject: 7 });
    assert.equal((await api.update(id, { subject: "Corrected" })).status, 200);
    assert.equal((await seenOf(id)).length, MAXIMUM_SEEN_REGIONS);
  });

  for (const [what, item] of [
    ["a ticket", (id: string) => ticketItem({ id, version: versionAt(20), seen: manySeen() })],
    ["a tombstone", (id: string) => tombstone({ id, version: versionAt(20), seen: manySeen() })],
  ] as const) {
    const older = {
      ...ticketItem({ subject: "Older", version: versionAt(10, SINGAPORE), origin: SINGAPORE }),
      seen: manySeen(-5000),
    };
    const applied = async (apply: (incoming: object) => Promise<unknown>): Promise<void> => {
      const id = await stored(older);
      const incoming = item(id);
      await apply(incoming);
      assert.deepEqual(await table.stored(id), toImage(incoming));
      const [{ losing }, ...others] = await conflictsOf(id);
      assert.deepEqual([losing.M?.version, others], [{ S: older.version }, []]);
      // Repeated, it changes nothing and records nothing.
      await apply(incoming);
      assert.equal((await conflictsOf(id)).length, 1);
    };

    it(`does not keep the replication function from applying ${what} and recording its conflict`, () =>
      applied(async (incoming) => {
        const result = await replicate()({ Records: [inserted(incoming, 1)] });
        assert.deepEqual(result, { batchItemFailures: [] });
      }));

    it(`does not keep reconcile from applying ${what} and recording its conflict`, () =>
      applied((incoming) => applierFor(region, region)(toImage(incoming) as Image)));

    it(`does not keep redrive from applying ${what} and recording its conflict`, () =>
      applied(async (incoming) => {
        const context = new Replays().context({ apply: applierFor(region, region) });
        assert.deepEqual(await replay(inserted(incoming, 1), "a message", context), { kind: "done" });
      }));
  }

  it("is copied as it is when reconcile stamps the same item in the other table", async () => {
    const { version, origin, seen, ...plain } = ticketItem({ seen: manySeen() });
    const id = await stored(plain);
    const reconciled = reconciledTable(region.clients.dynamodb, TABLE_NAME, {
      whole: true,
      sleep: async () => undefined,
    });
    assert.ok(await reconciled.stamp(id, { version, origin, seen, listing: undefined }));
    assert.equal((await seenOf(id)).length, REGIONS);
  });
});

/** Returns a text of three letters for each number below 17,576. */
function letters(index: number): string {
  return [676, 26, 1].map((unit) => String.fromCharCode(97 + (Math.floor(index / unit) % 26))).join("");
}
