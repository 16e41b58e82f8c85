import assert from "node:assert/strict";
import type { BatchFigures } from "../../../functions/replication/batch-metrics";
import { replicateBatch, ReplicationContext } from "../../../functions/replication/replicate";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import { replicationFakes } from "./replication-fakes";

describe("Figures of a replicated batch", () => {
  captureLogs();
  let measured: BatchFigures[];
  let context: ReplicationContext;
  let fakes: ReturnType<typeof replicationFakes>;
  beforeEach(() => {
    measured = [];
    fakes = replicationFakes();
    context = { ...fakes.context, measure: (figures) => measured.push(figures) };
  });

  const written = (sequenceNumber: number, milliseconds: number): ReturnType<typeof inserted> =>
    inserted(ticketItem({ id: idOf(sequenceNumber), version: versionAt(milliseconds) }), sequenceNumber);

  it("contain the lag of each write from its version to its arrival, by the clock of the source", async () => {
    let now = NOW;
    await replicateBatch({ ...context, now: () => (now += 1000) }, [written(1, -500), written(2, -90_000)]);
    const [{ applied, stale, retried, lags }] = measured;
    assert.deepEqual([applied, stale, retried, lags.length], [2, 0, 0, 2]);
    const [short, long] = [...lags].sort((left, right) => left - right);
    assert.ok(short > 500 && short < 10_000, `${short}`);
    assert.ok(long > 90_000 && long < 100_000, `${long}`);
  });

  it("contain no negative lag, and the clock skew of the highest version, even if it is quarantined for that", async () => {
    await replicateBatch(context, [written(1, 2_000), written(2, 500), written(3, 400_000)]);
    const [{ applied, quarantined, lags, clockSkew }] = measured;
    assert.deepEqual([applied, quarantined, lags, clockSkew], [2, 1, [0, 0], 400_000]);
  });

  it("contain no skew if every version is in the past, and no lag of stale writes", async () => {
    await replicateBatch(context, [written(1, -1)]);
    await replicateBatch(context, [written(1, -1)]);
    assert.deepEqual(
      measured.map(({ applied, stale, lags, clockSkew }) => [applied, stale, lags, clockSkew]),
      [
        [1, 0, [1], 0],
        [0, 1, [], 0],
      ],
    );
  });

  it("count the records that the stream delivers again: the first failed one and all later ones", async () => {
    fakes.targetErrors.set(versionAt(20), "ThrottlingException");
    const batch = [written(1, 10), written(2, 20), written(3, 30), written(4, 40)];
    const { batchItemFailures } = await replicateBatch(context, batch);
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "2" }]);
    assert.equal(measured[0].retried, 3);
  });

  it("count no conflict for heartbeats, in any order", async () => {
    const heartbeat = (sequenceNumber: number, milliseconds: number): ReturnType<typeof inserted> =>
      inserted(
        { id: "heartbeat-eu-west-1", version: versionAt(milliseconds), origin: IRELAND, seen: {} },
        sequenceNumber,
      );
    for (const milliseconds of [-3, -1, -2]) await replicateBatch(context, [heartbeat(1, milliseconds)]);
    assert.deepEqual(
      measured.map(({ applied, stale, conflicts }) => [applied, stale, conflicts]),
      [
        [1, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
    );
  });

  it("count nothing for writes of the other region", async () => {
    const foreign = ticketItem({ origin: SINGAPORE, version: versionAt(90_000, SINGAPORE) });
    await replicateBatch(context, [inserted(foreign, 1)]);
    const [{ applied, stale, lags, clockSkew }] = measured;
    assert.deepEqual([applied, stale, lags, clockSkew], [0, 0, [], 0]);
  });
});
