import assert from "node:assert/strict";
import { applyWrite } from "../../../functions/replication/apply";
import { crossingProblem, mayCross } from "../../../functions/replication/crossing";
import { isPermanent, REJECTED_ITEM } from "../../../functions/replication/failure";
import { replicateBatch } from "../../../functions/replication/replicate";
import type { Image } from "../../../functions/shared/image";
import { idempotentRequest } from "../../../functions/tickets/idempotency";
import { toImage } from "../../../testing/attribute-values";
import { FORGED_IDS, forgedItem } from "../../support/forged-items";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import { ReplicationFakes, replicationFakes } from "./replication-fakes";

const HEARTBEAT = "heartbeat-eu-west-1";

describe("mayCross", () => {
  it("allows tickets, including those with an id from an idempotency key", () => {
    const fields = { subject: "s" } as Parameters<typeof idempotentRequest>[2];
    for (const key of ["order-1", "01JD9Z3N8Q4T6V8X0Y2A4C6E8G", "0193c0de-0000-7000-8000-000000000000"])
      assert.ok(mayCross(idempotentRequest(key, "anonymous", fields).id, IRELAND), key);
    assert.ok(mayCross(idOf(1), SINGAPORE));
  });

  it("allows a region's own heartbeat and lag probe, but not another region's", () => {
    const first = [HEARTBEAT, "lag-probe-eu-west-1"];
    for (const id of first.flatMap((key) => [key, `${key}-1`, `${key}-15`]))
      assert.deepEqual([mayCross(id, IRELAND), mayCross(id, SINGAPORE)], [true, false], id);
  });

  it("rejects everything else", () => {
    for (const id of FORGED_IDS) assert.equal(mayCross(id, IRELAND), false, JSON.stringify(id));
  });

  it("explains a rejection with escaped control characters and a shortened key", () => {
    const reason = crossingProblem(`\u001b[2J\u202e${"x".repeat(2000)}`, IRELAND);
    assert.match(reason, /\\u001b\[2J\\u202exxx.*may not cross regions/);
    assert.ok(reason.length < 300 && !/[\p{C}]/u.test(reason), reason);
  });
});

describe("Batch with forged items", () => {
  const logs = captureLogs();
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));

  for (const id of FORGED_IDS)
    it(`rejects and counts ${JSON.stringify(id)}, and applies the rest`, async () => {
      const measured: number[] = [];
      const context = {
        ...fakes.context,
        measure: (figures: { rejected: number }) => measured.push(figures.rejected),
      };
      const batch = [
        inserted(forgedItem(id), 1),
        inserted(ticketItem({ id: idOf(2), version: versionAt(20) }), 2),
      ];
      assert.deepEqual(await replicateBatch(context, batch), { batchItemFailures: [] });
      assert.deepEqual([...fakes.target.images.keys()], [idOf(2)]);
      assert.deepEqual([fakes.quarantined, measured], [[], [1]]);
      assert.deepEqual([logs.lines[0].level, logs.lines[0].rejected], ["WARN", 1]);
    });

  it("logs the reasons of the first ten items, and counts all", async () => {
    const batch = Array.from({ length: 25 }, (_, index) =>
      inserted(forgedItem(`routing-${index}`), index + 1),
    );
    await replicateBatch(fakes.context, batch);
    assert.deepEqual([logs.lines[0].rejected, (logs.lines[0].mayNotCross as unknown[]).length], [25, 10]);
  });

  it("is rejected by applyWrite too, without a retry", async () => {
    for (const id of FORGED_IDS) {
      const error = await applyWrite(fakes.context, toImage(forgedItem(id)) as Image).catch(
        (reason: Error) => reason,
      );
      assert.equal((error as Error).name, REJECTED_ITEM);
      assert.ok(isPermanent(error));
    }
    assert.deepEqual(fakes.target.calls, []);
  });
});

describe("Heartbeat of the source region", () => {
  captureLogs();
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));
  const heartbeat = (at: number): object => ({
    id: HEARTBEAT,
    version: versionAt(at),
    origin: IRELAND,
    seen: {},
  });
  const beat = (at: number): ReturnType<typeof replicateBatch> =>
    replicateBatch(fakes.context, [inserted(heartbeat(at), 1)]);

  for (const [what, stored] of Object.entries<object>({
    "has another origin": { version: versionAt(90, SINGAPORE), origin: SINGAPORE },
    "has no version": { origin: IRELAND },
    "has a version that is no version": { version: "zzz", origin: IRELAND },
    "has a version of a year ahead": { version: versionAt(365 * 86_400_000), origin: IRELAND },
    "has a version that is a number": { version: 1, origin: IRELAND },
  }))
    it(`replaces an item with its key that ${what}, and records no conflict`, async () => {
      fakes.target.store({ id: HEARTBEAT, subject: "forged", ...stored });
      assert.deepEqual(await beat(10), { batchItemFailures: [] });
      assert.equal(fakes.target.version(HEARTBEAT), versionAt(10));
      assert.deepEqual([fakes.quarantined, fakes.conflicts[0].entries], [[], []]);
    });

  it("keeps a later heartbeat of the same region", async () => {
    await beat(30);
    await beat(20);
    assert.equal(fakes.target.version(HEARTBEAT), versionAt(30));
  });
});
