import assert from "node:assert/strict";
import type { AcknowledgedWrite } from "../../../../operations/drill/observations";
import { ReplicationWatch, verifyWrites } from "../../../../operations/drill/run/replication-watch";
import type { DrillSystem } from "../../../../operations/drill/systems/drill-system";
import { waitFor } from "../../../support/wait-for";

type Tables = Record<string, Map<string, string>>;

function write(id: string, version: string, region = "ireland"): AcknowledgedWrite {
  return { id, kind: "create", version, at: Date.now(), region };
}

describe("Replication watch of a drill", () => {
  let tables: Tables;
  let broken: string | undefined;
  let watch: ReplicationWatch;
  const versionsIn = async (region: string, ids: readonly string[]): Promise<Map<string, string>> => {
    if (region === broken) throw new Error("ECONNREFUSED");
    return new Map([...tables[region]].filter(([id]) => ids.includes(id)));
  };

  beforeEach(() => {
    tables = { ireland: new Map(), singapore: new Map() };
    broken = undefined;
    watch = new ReplicationWatch(["ireland", "singapore"], versionsIn, 1);
  });
  afterEach(() => watch.stop());

  it("reports a write as missing until its version or a newer one is in the other region", async () => {
    watch.start();
    watch.add(write("1", "v2"));
    watch.add(write("2", "v1", "singapore"));
    tables.singapore.set("1", "v1");
    tables.ireland.set("2", "v3");
    await waitFor(() => watch.arrivals.length === 1, { what: "the write from Singapore" });
    assert.deepEqual(
      watch.missingIn("singapore").map(({ id }) => id),
      ["1"],
    );
    assert.deepEqual(watch.missingIn("ireland"), []);
    tables.singapore.set("1", "v2");
    await waitFor(() => watch.missingIn("singapore").length === 0, { what: "the write from Ireland" });
    assert.equal(watch.acknowledged.length, 2);
  });

  it("continues when a broken region responds again", async () => {
    broken = "singapore";
    watch.start();
    watch.add(write("1", "v1"));
    watch.add(write("2", "v1", "singapore"));
    tables.singapore.set("1", "v1");
    tables.ireland.set("2", "v1");
    await waitFor(() => watch.arrivals.length === 1, { what: "the write that arrived in Ireland" });
    broken = undefined;
    await waitFor(() => watch.arrivals.length === 2, { what: "the write that had arrived in Singapore" });
  });

  it("reports writes as lost that a region lacks, or has in an older version, at the end", async () => {
    const writes = [write("1", "v1"), write("2", "v2"), write("3", "v1"), ...manyWrites()];
    for (const { id, version } of writes) for (const region of Object.values(tables)) region.set(id, version);
    const system = {
      primary: { name: "ireland" },
      secondary: { name: "singapore" },
      versionsIn: async (region: string, ids: readonly string[]) => {
        assert.ok(ids.length <= 100);
        return versionsIn(region, ids);
      },
      conflictsOf: async () => 4,
    } as unknown as DrillSystem;
    tables.ireland.delete("1");
    tables.singapore.set("2", "v1");
    tables.singapore.set("3", "v9");
    let waits = 0;
    const repairLater = async (): Promise<void> => void (++waits === 2 && tables.ireland.set("1", "v1"));
    const repairBoth = async (): Promise<void> => {
      await repairLater();
      if (waits === 3) tables.singapore.set("2", "v2");
    };
    const found = await verifyWrites(system, writes, repairBoth);
    assert.deepEqual([found.lost, found.acknowledged, found.conflicts, waits], [[], writes.length, 4, 3]);
    tables.ireland.delete("1");
    const never = await verifyWrites(system, writes, async () => undefined, 0);
    assert.deepEqual(
      never.lost.map(({ id }) => id),
      ["1"],
    );
  });

  function manyWrites(): AcknowledgedWrite[] {
    return Array.from({ length: 230 }, (_, index) => write(`many-${index}`, "v1"));
  }
});
