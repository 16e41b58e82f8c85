import assert from "node:assert/strict";
import { lagProbeIds } from "../../../../functions/shared/reserved-items";
import { replicationProbe } from "../../../../operations/drill/systems/replication-probe";
import { IRELAND, SINGAPORE, versionAt } from "../../../../testing/tickets";

const REGIONS = [
  { name: "ireland", code: IRELAND },
  { name: "singapore", code: SINGAPORE },
];

describe("replicationProbe", () => {
  const IDS = lagProbeIds(IRELAND);
  const arrivals = (arrived: readonly string[]): Promise<string> =>
    replicationProbe(
      REGIONS,
      {
        writeProbe: async () => versionAt(10),
        versionsIn: async (region, ids) => {
          assert.equal(region, "singapore");
          return new Map(ids.map((id) => [id, versionAt(arrived.includes(id) ? 10 : 9)]));
        },
      },
      1,
    )(REGIONS[0], 2);

  it("returns whether all items arrive, some of them, or none", async () => {
    assert.equal(await arrivals(IDS), "all");
    assert.equal(await arrivals(IDS.slice(1)), "some");
    assert.equal(await arrivals(IDS.slice(0, 1)), "some");
    assert.equal(await arrivals([]), "none");
  });
});
