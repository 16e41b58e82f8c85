import assert from "node:assert/strict";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import fc from "fast-check";
import { quarantineMessage, recordInMessage } from "../../../functions/replication/quarantined-record";
import { replicateBatch } from "../../../functions/replication/replicate";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, ticketItem, versionAt } from "../../../testing/tickets";
import { replicationFakes } from "./replication-fakes";

const text = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text.map((S) => ({ S })),
    fc.integer().map((N) => ({ N: String(N) })),
    fc.uint8Array().map((bytes) => ({ B: Buffer.from(bytes).toString("base64") })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true }),
    fc.array(text, { minLength: 1 }).map((SS) => ({ SS })),
    fc.array(tie("value")).map((L) => ({ L })),
    fc.dictionary(text, tie("value")).map((M) => ({ M })),
  ),
}));
/** Attributes that replication reads, with values of any type. */
const read = fc.record(
  {
    version: fc.oneof(value, fc.constant({ S: versionAt(1) })),
    seen: value,
    deleted: value,
    expiresAt: value,
    status: value,
    ["__proto__"]: value,
    constructor: value,
  },
  { requiredKeys: [] },
);

describe("Stream record with attributes of any type and content", () => {
  const logs = captureLogs();

  it("is applied, ignored or quarantined without an error or a retry, and can be read from the quarantine", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.dictionary(text, value), read), { minLength: 1, maxLength: 5 }),
        async (images) => {
          const fakes = replicationFakes();
          const records = images.map(([others, attributes], index): DynamoDBRecord => {
            const record = inserted(ticketItem({ id: idOf(index + 1) }), index + 1);
            const { NewImage } = record.dynamodb as Required<NonNullable<DynamoDBRecord["dynamodb"]>>;
            const image = { ...others, ...NewImage, ...attributes, origin: { S: IRELAND } };
            return { ...record, dynamodb: { ...record.dynamodb, NewImage: image } };
          });
          const later = inserted(ticketItem({ id: idOf(9) }), 9);
          assert.deepEqual(await replicateBatch(fakes.context, [...records, later]), {
            batchItemFailures: [],
          });
          assert.ok(fakes.target.images.has(idOf(9)), "the later ticket arrived");
          for (const { record, reason } of fakes.quarantined) {
            const quarantinedAt = new Date(0).toISOString();
            const body = quarantineMessage({ ...reason, quarantinedAt, sourceRegion: IRELAND, record });
            assert.deepEqual(recordInMessage(body as string), JSON.parse(JSON.stringify(record)));
          }
          logs.lines.length = 0;
        },
      ),
      { numRuns: 200 },
    );
  });
});
