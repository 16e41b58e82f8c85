import assert from "node:assert/strict";
import { ApplyResult, applyWrite } from "../../../functions/replication/apply";
import { UNVERSIONED_ITEM } from "../../../functions/replication/failure";
import type { Image } from "../../../functions/shared/image";
import { toImage } from "../../../testing/attribute-values";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { ReplicationFakes, replicationFakes } from "./replication-fakes";

const incomingAt = (at: number, more: object = {}): object =>
  ticketItem({ subject: `Ireland at ${at}`, version: versionAt(at), ...more });
const storedAt = (at: number, more: object = {}): object =>
  ticketItem({
    subject: `Singapore at ${at}`,
    version: versionAt(at, SINGAPORE),
    origin: SINGAPORE,
    ...more,
  });

describe("applyWrite", () => {
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));
  const apply = (item: object): Promise<ApplyResult> => applyWrite(fakes.context, toImage(item) as Image);
  const recorded = (): string[][] =>
    fakes.conflicts.map(({ entries }) =>
      entries.map(({ losingVersion, winningVersion }) => `${losingVersion} < ${winningVersion}`),
    );

  it("makes one call if nothing is stored", async () => {
    assert.deepEqual(await apply(incomingAt(10)), { result: "applied", conflict: false });
    assert.deepEqual(fakes.target.calls, [`put ${versionAt(10)}`]);
  });

  it("makes one call to replace a known write, or an older one of the same region", async () => {
    fakes.target.store(storedAt(10));
    await apply(incomingAt(20, { seen: { [SINGAPORE]: versionAt(10, SINGAPORE) } }));
    await apply(incomingAt(30));
    assert.deepEqual(fakes.target.calls, [`put ${versionAt(20)}`, `put ${versionAt(30)}`]);
    assert.deepEqual(recorded(), [[], []]);
  });

  it("makes one call to find that the write is already stored", async () => {
    await apply(incomingAt(10));
    assert.deepEqual(await apply(incomingAt(10)), { result: "stale", conflict: false });
    assert.deepEqual(recorded(), [[], []]);
    assert.equal(fakes.target.calls.length, 2);
  });

  it("records an unknown write in both regions before it overwrites it", async () => {
    fakes.target.store(storedAt(10));
    fakes.target.before = (call) => {
      if (call === "replace") assert.deepEqual(recorded().flat().length, 2, "Both must be recorded by now.");
    };
    assert.deepEqual(await apply(incomingAt(20)), { result: "applied", conflict: true });
    assert.equal(fakes.target.version(idOf(1)), versionAt(20));
    const [there, here] = fakes.conflicts;
    assert.deepEqual(there.entries, here.entries);
    assert.deepEqual(there.entries, [
      {
        id: idOf(1),
        losingVersion: versionAt(10, SINGAPORE),
        losingOrigin: SINGAPORE,
        winningVersion: versionAt(20),
        winningOrigin: IRELAND,
        at: "2025-11-23T13:20:00.020Z",
        losing: toImage(storedAt(10)),
        expiresAt: Date.UTC(2026, 1, 21, 13, 20) / 1000,
      },
    ]);
  });

  it("records the incoming write if it loses to one that did not know it", async () => {
    fakes.target.store(storedAt(20));
    assert.deepEqual(await apply(incomingAt(10)), { result: "stale", conflict: true });
    assert.equal(fakes.target.version(idOf(1)), versionAt(20, SINGAPORE));
    const [there, here] = fakes.conflicts;
    assert.deepEqual(there.entries, here.entries);
    assert.deepEqual(there.entries[0].losing, toImage(incomingAt(10)));
  });

  it("records an equal conflict entry from either region", async () => {
    const other = replicationFakes();
    fakes.target.store(storedAt(20));
    other.target.store(incomingAt(10));
    await apply(incomingAt(10));
    await applyWrite(other.context, toImage(storedAt(20)) as Image);
    assert.deepEqual(fakes.conflicts[0].entries, other.conflicts[0].entries);
  });

  it("records and reports a conflict once if the write is delivered again", async () => {
    fakes.target.store(storedAt(20));
    await apply(incomingAt(10));
    const first = recorded();
    assert.deepEqual(await apply(incomingAt(10)), { result: "stale", conflict: false });
    assert.deepEqual(recorded(), first);
  });

  it("records a delete that lost to an edit, and an edit that lost to a delete", async () => {
    fakes.target.store(tombstone({ version: versionAt(10, SINGAPORE), origin: SINGAPORE }));
    await apply(incomingAt(20));
    fakes.target.store(storedAt(30, { id: idOf(2) }));
    await apply(tombstone({ id: idOf(2), version: versionAt(40) }));
    const [deletion, edit] = fakes.conflicts[0].entries;
    assert.deepEqual(deletion.losing.deleted, { BOOL: true });
    assert.deepEqual(edit.losing.subject, { S: "Singapore at 30" });
    assert.deepEqual(fakes.target.images.get(idOf(2))?.deleted, { BOOL: true });
  });

  it("resolves the conflict again if the stored item changes in the meantime", async () => {
    fakes.target.store(storedAt(10));
    const others = [storedAt(30)];
    fakes.target.before = (call) => {
      if (call === "replace") others.splice(0).forEach((item) => fakes.target.store(item));
    };
    assert.deepEqual(await apply(incomingAt(20)), { result: "stale", conflict: true });
    assert.equal(fakes.target.version(idOf(1)), versionAt(30, SINGAPORE));
    assert.deepEqual(recorded()[0], [
      `${versionAt(10, SINGAPORE)} < ${versionAt(20)}`,
      `${versionAt(20)} < ${versionAt(30, SINGAPORE)}`,
    ]);
  });

  it("throws a retryable error if the stored item keeps changing", async () => {
    let at = 0;
    fakes.target.store(storedAt(at));
    fakes.target.before = (call) => call === "replace" && fakes.target.store(storedAt(++at));
    await assert.rejects(apply(incomingAt(1000)), {
      name: "Error",
      message: /changed during each of 10 attempts/,
    });
  });

  it("overwrites nothing until the conflict is recorded in both regions", async () => {
    fakes.target.store(storedAt(10));
    for (const table of fakes.conflicts) {
      table.beforePut = () => {
        throw Object.assign(new Error("Busy."), { name: "ThrottlingException" });
      };
      await assert.rejects(apply(incomingAt(20)), { name: "ThrottlingException" });
      assert.equal(fakes.target.version(idOf(1)), versionAt(10, SINGAPORE));
      table.beforePut = () => undefined;
    }
    await apply(incomingAt(20));
    assert.equal(fakes.target.version(idOf(1)), versionAt(20));
    assert.deepEqual(fakes.conflicts[0].entries, fakes.conflicts[1].entries);
  });

  for (const [what, item] of Object.entries({
    "no version": { version: undefined },
    "a version in another form": { version: "yesterday" },
    "no origin": { origin: undefined },
  }))
    it(`rejects to overwrite an item that has ${what}, and names the fix`, async () => {
      fakes.target.store({ ...storedAt(10), ...item });
      const before = fakes.target.images.get(idOf(1));
      await assert.rejects(apply(incomingAt(20)), { name: UNVERSIONED_ITEM, message: /reconcile/ });
      assert.equal(fakes.target.images.get(idOf(1)), before);
    });
});
