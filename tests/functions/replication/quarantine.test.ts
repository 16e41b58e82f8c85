import assert from "node:assert/strict";
import { failureObject, failureObjectKey } from "../../../functions/replication/quarantined-record";
import { quarantineIn } from "../../../functions/replication/quarantine";
import { inserted } from "../../../testing/stream-records";
import { IRELAND, NOW, ticketItem } from "../../../testing/tickets";

const REASON = { error: "MalformedRecord", message: "The item has no version." };

describe("Quarantine", () => {
  const record = inserted(ticketItem(), 1);
  let now: number;
  let asked: string[];
  let queue: () => Promise<boolean>;
  let bucket: () => Promise<boolean>;

  beforeEach(() => {
    now = NOW;
    asked = [];
    queue = async () => true;
    bucket = async () => true;
  });
  const open = (): ReturnType<typeof quarantineIn> =>
    quarantineIn(
      IRELAND,
      {
        queue: () => (asked.push("queue"), queue()),
        bucket: () => (asked.push("bucket"), bucket()),
      },
      () => now,
    );
  const fails = (name: string) => (): Promise<boolean> =>
    Promise.reject(Object.assign(new Error(`It failed: ${name}`), { name }));

  it("stores a record in the queue", async () => {
    assert.equal(await open().add(record, REASON), "queue");
    assert.deepEqual(asked, ["queue"]);
  });

  for (const name of [
    "QueueDoesNotExist",
    "AccessDenied",
    "InvalidMessageContents",
    "KmsDisabled",
    "TimeoutError",
  ])
    it(`stores a record in the bucket if the queue returns ${name}`, async () => {
      queue = fails(name);
      assert.equal(await open().add(record, REASON), "bucket");
    });

  it("stores a record in the bucket if it is too large for the queue, and tries the queue for the next one", async () => {
    queue = async () => false;
    const quarantine = open();
    assert.equal(await quarantine.add(record, REASON), "bucket");
    queue = async () => true;
    assert.equal(await quarantine.add(record, REASON), "queue");
  });

  it("tries a failed queue once a minute, so that the timeouts of a batch do not add up", async () => {
    queue = fails("TimeoutError");
    const quarantine = open();
    for (let index = 0; index < 100; index++) await quarantine.add(record, REASON);
    assert.equal(asked.filter((place) => place === "queue").length, 1);
    now += 60_000;
    queue = async () => true;
    assert.equal(await quarantine.add(record, REASON), "queue");
  });

  it("rejects with the error of the queue if the bucket also fails", async () => {
    queue = fails("QueueDoesNotExist");
    bucket = fails("NoSuchBucket");
    await assert.rejects(open().add(record, REASON), { name: "QueueDoesNotExist" });
  });

  it("derives the object key from the record's content, in safe characters", () => {
    const other = inserted(ticketItem({ id: "../\u0000😀" }), 2);
    assert.equal(failureObjectKey(record), failureObjectKey(inserted(ticketItem(), 1)));
    assert.notEqual(failureObjectKey(record), failureObjectKey(other));
    assert.match(failureObjectKey(other), /^aws\/lambda\/quarantine\/[0-9a-f]{64}\.json$/);
  });

  it("stores the complete record in the object, with the reason", () => {
    const quarantined = {
      ...REASON,
      quarantinedAt: "2025-11-23T13:20:00.000Z",
      sourceRegion: IRELAND,
      record,
    };
    const { payload, ...rest } = JSON.parse(failureObject(quarantined));
    assert.deepEqual(JSON.parse(payload), { Records: [record] });
    assert.deepEqual(rest, { ...REASON, quarantinedAt: "2025-11-23T13:20:00.000Z", sourceRegion: IRELAND });
  });
});
