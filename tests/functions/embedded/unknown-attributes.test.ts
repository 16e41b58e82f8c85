import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import type { AttributeValue as StreamAttributeValue, DynamoDBRecord } from "aws-lambda";
import { dynamoDB } from "../../../functions/shared/aws";
import { conflictEntry } from "../../../functions/replication/conflict-entry";
import { conflictTable } from "../../../functions/replication/conflict-log";
import { replicatedWrite, type ReplicatedWrite } from "../../../functions/replication/replicated-write";
import type { Image } from "../../../functions/shared/image";
import { readStreamRecord } from "../../../functions/replication/stream-record";
import { targetTable } from "../../../functions/replication/target-table";
import { reconciledTable } from "../../../operations/reconcile/dynamodb-table";
import { toImage } from "../../../testing/attribute-values";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import {
  CONFLICT_TABLE_NAMES,
  EmbeddedTable,
  TABLE_NAME,
  FAKE_CREDENTIALS,
  TABLE_VARIABLES,
} from "./embedded-table";
import { TicketApi, ticketApi } from "./api-handlers";

/** Number as DynamoDB returns it: up to 38 digits, without leading or trailing zeros. */
const digits = fc.stringMatching(/^[1-9][0-9]{0,36}[1-9]$/);
const number = fc.oneof(
  digits,
  digits.map((text) => `-${text}`),
  digits.map((text) => `0.${text}`),
  fc.tuple(digits, digits).map(([whole, part]) => `${whole.slice(0, 18)}.${part.slice(0, 18)}1`),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const name = fc.stringMatching(/^[a-z_ .#:-]{1,12}$/).filter((one) => !(one in ticketItem()));

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text.map((S): AttributeValue => ({ S })),
    number.map((N): AttributeValue => ({ N })),
    fc.boolean().map((BOOL): AttributeValue => ({ BOOL })),
    fc.constant<AttributeValue>({ NULL: true }),
    bytes.map((B): AttributeValue => ({ B })),
    fc
      .uniqueArray(text.filter(Boolean), { minLength: 1, maxLength: 4 })
      .map((SS): AttributeValue => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((NS): AttributeValue => ({ NS })),
    fc
      .uniqueArray(bytes, { minLength: 1, maxLength: 4, selector: String })
      .map((BS): AttributeValue => ({ BS })),
    fc.array(tie("value"), { maxLength: 3 }).map((L): AttributeValue => ({ L })),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }).map((M): AttributeValue => ({ M })),
  ),
}));

describe("unknown attributes of a ticket", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));

  it("stay unchanged in every edit", async () => {
    let last = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 4 }), async (others) => {
        const id = idOf(++last);
        await table.storeImage({ ...(toImage(ticketItem({ id })) as Image), ...others });
        const before = await table.stored(id);
        assert.equal((await api.get(id)).status, 200);
        assert.equal((await api.update(id, { subject: "Edited" })).status, 200);
        assert.equal((await api.update(id, { assignee: "Bob" })).status, 200);
        const after = await table.stored(id);
        for (const one of Object.keys(others)) assert.deepEqual(after?.[one], before?.[one]);
        assert.equal((await api.list({ status: "closed" })).status, 200);
      }),
      { numRuns: 200 },
    );
  });

  it("stay unchanged in replication, in a conflict entry and when reconcile stamps an item", async () => {
    const there = dynamoDB(IRELAND, { connectionTimeout: 1000, requestTimeout: 5000, maxAttempts: 1 });
    const target = targetTable(there, TABLE_NAME);
    const conflicts = conflictTable(there, CONFLICT_TABLE_NAMES.there);
    const reconciled = reconciledTable(there.client, TABLE_NAME, {
      whole: true,
      sleep: async () => undefined,
    });
    let last = 100_000;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 4 }), async (others) => {
        const id = idOf(++last);
        const keeps = (image: Image | undefined): void => {
          for (const one of Object.keys(others)) assert.deepEqual(image?.[one], before[one]);
        };
        await table.storeImage({ ...(toImage(ticketItem({ id })) as Image), ...others });
        const before = (await table.stored(id)) as Image;
        const reading = readStreamRecord(recordOf({ ...before, version: { S: versionAt(1) } }), IRELAND);
        assert.ok(reading.kind === "replicate");
        const write = replicatedWrite(reading.record.image) as ReplicatedWrite;
        assert.equal(await target.put(write), undefined);
        keeps(await table.stored(id));
        const entry = conflictEntry(write, { ...write, version: versionAt(2, SINGAPORE), origin: SINGAPORE });
        await conflicts.put(entry);
        keeps((await conflicts.put(entry))?.losing);
        const { version, origin, seen, ...plain } = before;
        assert.ok(version && origin && seen);
        await table.storeImage(plain);
        assert.ok(
          await reconciled.stamp(id, {
            version: versionAt(3),
            origin: IRELAND,
            seen: {},
            listing: undefined,
          }),
        );
        keeps(await table.stored(id));
      }),
      { numRuns: 100 },
    );
    there.client.destroy();
  });
});

/** Returns the stream record of an image. It is JSON, with bytes as base64. */
function recordOf(image: Image): DynamoDBRecord {
  const encoded = JSON.stringify(image, (_, part) => {
    // Buffer.toJSON runs before this function.
    if (part?.type === "Buffer") return Buffer.from(part.data).toString("base64");
    return part instanceof Uint8Array ? Buffer.from(part).toString("base64") : part;
  });
  const NewImage = JSON.parse(encoded) as Record<string, StreamAttributeValue>;
  return { dynamodb: { NewImage, Keys: { id: NewImage.id }, SequenceNumber: "1" } };
}
