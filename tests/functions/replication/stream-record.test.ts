import assert from "node:assert/strict";
import type { AttributeValue } from "aws-lambda";
import { readStreamRecord, StreamRecordReading } from "../../../functions/replication/stream-record";
import { canaryId } from "../../../functions/shared/reserved-items";
import { inserted, streamRecordOf } from "../../../testing/stream-records";
import { IRELAND, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

const BYTES = Buffer.from([0, 1, 254, 255]);
const BASE64 = BYTES.toString("base64");

describe("readStreamRecord", () => {
  const read = (item: object): StreamRecordReading => readStreamRecord(inserted(item, 42), IRELAND);

  it("returns replicate for a write of the stream's region", () => {
    const reading = read(ticketItem());
    assert.equal(reading.kind, "replicate");
    const { record } = reading as Extract<StreamRecordReading, { kind: "replicate" }>;
    assert.equal(record.sequenceNumber, "42");
    assert.equal(record.id, ticketItem().id);
    assert.equal(record.versionText, ticketItem().version);
    assert.equal(record.version.region, IRELAND);
  });

  it("returns replicate for a tombstone", () => assert.equal(read(tombstone()).kind, "replicate"));

  it("returns stay for a write of the other region", () => {
    assert.equal(read(ticketItem({ origin: SINGAPORE })).kind, "stay");
  });

  it("returns stay for a removal by TTL", () => {
    const removal = streamRecordOf({ before: tombstone(), after: undefined }, 1);
    assert.equal(readStreamRecord(removal, IRELAND).kind, "stay");
  });

  it("returns stay for a canary write", () => {
    assert.equal(read({ id: canaryId(IRELAND), checkedAt: 1 }).kind, "stay");
  });

  it("returns stay for an empty record", () => assert.equal(readStreamRecord({}, IRELAND).kind, "stay"));

  it("keeps the order of sequence numbers above 2^53", () => {
    const record = inserted(ticketItem(), 0);
    const dynamodb = { ...record.dynamodb, SequenceNumber: "111100000000000000000000000000000000001" };
    const reading = readStreamRecord({ ...record, dynamodb }, IRELAND);
    assert.ok(reading.kind === "replicate");
    assert.equal(reading.record.sequenceNumber, "111100000000000000000000000000000000001");
  });

  for (const [what, item] of [
    ["an id that is a number", { ...ticketItem(), id: 7 }],
    ["no version", { ...ticketItem(), version: undefined }],
    ["a version in another form", ticketItem({ version: "2025-11-23T13:20:00Z" })],
    ["a version of the other region", ticketItem({ version: versionAt(0, SINGAPORE) })],
  ] as const)
    it(`returns malformed with the reason for ${what}`, () => {
      const reading = read(item);
      assert.ok(reading.kind === "malformed");
      assert.match(reading.reason, what.includes("id") ? /id/ : /version/);
    });
});

describe("Image of a stream record", () => {
  const imageOf = (attributes: Record<string, AttributeValue>): Record<string, unknown> => {
    const record = inserted(ticketItem(), 1);
    const NewImage = { ...record.dynamodb?.NewImage, ...attributes };
    const reading = readStreamRecord({ ...record, dynamodb: { ...record.dynamodb, NewImage } }, IRELAND);
    assert.ok(reading.kind === "replicate");
    return reading.record.image;
  };

  it("contains bytes where Lambda passes base64", () => {
    const image = imageOf({ photo: { B: BASE64 }, photos: { BS: [BASE64, ""] } });
    assert.deepEqual(image.photo, { B: BYTES });
    assert.deepEqual(image.photos, { BS: [BYTES, Buffer.alloc(0)] });
  });

  it("contains bytes in lists and maps", () => {
    const image = imageOf({ deep: { L: [{ M: { photo: { B: BASE64 } } }, { S: "text" }] } });
    assert.deepEqual(image.deep, { L: [{ M: { photo: { B: BYTES } } }, { S: "text" }] });
  });

  it("contains every other attribute unchanged", () => {
    const others: Record<string, AttributeValue> = {
      number: { N: "1234567890.12345678901234567890" },
      numbers: { NS: ["1", "2"] },
      texts: { SS: ["a", "b"] },
      nothing: { NULL: true },
      no: { BOOL: false },
      empty: { S: "" },
      emptyList: { L: [] },
      emptyMap: { M: {} },
    };
    const image = imageOf(others);
    for (const [name, value] of Object.entries(others)) assert.deepEqual(image[name], value);
  });
});
