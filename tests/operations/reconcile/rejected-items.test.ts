import assert from "node:assert/strict";
import type { ConflictEntry } from "../../../functions/replication/conflict-entry";
import { reconcileConflicts } from "../../../operations/reconcile/conflict-tables";
import { printSummary } from "../../../operations/reconcile/report";
import { emptyTally, exitCodeOf, noteRejected } from "../../../operations/reconcile/tally";
import { reservedIds } from "../../../functions/shared/reserved-items";
import { FORGED_IDS, forgedItem } from "../../support/forged-items";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import { runReconcile, twoSides } from "../support/run-reconcile";

describe("reconcile with items that may not cross regions", () => {
  const own = (region: string): object[] =>
    reservedIds(region).map((id) =>
      /heartbeat|lag-probe/.test(id)
        ? { id, version: versionAt(0, region), origin: region }
        : { id, by: "me" },
    );

  it("neither compares nor reports reserved items of the region and replicated ones of the other region", async () => {
    const brought = (region: string): object[] => own(region).filter((item) => "origin" in item);
    const sides = twoSides(
      [...own(IRELAND), ...brought(SINGAPORE)],
      [...own(SINGAPORE), ...brought(IRELAND)],
    );
    const { tally } = await runReconcile(sides);
    assert.deepEqual(
      [tally.rejected, tally.compared, exitCodeOf(tally)],
      [0, { ireland: 0, singapore: 0 }, 0],
    );
  });

  for (const options of [{}, { dryRun: true }, { stamp: true }, { deep: true }])
    it(`writes no forged item, reports each and exits with code 2: ${JSON.stringify(options)}`, async () => {
      const ticket = ticketItem({ id: idOf(7) });
      const forged = FORGED_IDS.map(forgedItem);
      // Ireland's canary and routing item with an origin are forged, too.
      const sides = twoSides([ticket, ...forged], [ticket]);
      const checkpoint = await runReconcile(sides, options);
      assert.deepEqual([...sides[1].items.keys()], [idOf(7)]);
      const { tally } = checkpoint;
      assert.deepEqual([tally.rejected, tally.repaired, exitCodeOf(tally)], [FORGED_IDS.length, {}, 2]);
      const lines: string[] = [];
      const print = (line: string): void => void lines.push(line);
      printSummary(checkpoint, { print, progress: print, fail: print });
      assert.ok(lines.some((line) => line.startsWith(`${FORGED_IDS.length} items may not cross regions`)));
      assert.ok(!lines.includes("The tables are equal."), lines.join("\n"));
      assert.match(lines.join("\n"), /routing-ap-southeast-1/);
      assert.doesNotMatch(lines.join(""), /[\p{Cc}\p{Cf}]/u);
    });

  it("does not copy a conflict whose key is not a ticket id, and reports it", async () => {
    const entry = { id: "routing-eu-west-1", expiresAt: 1e12, winningVersion: "w" } as ConflictEntry;
    const put: ConflictEntry[] = [];
    const side = (entries: ConflictEntry[]): Parameters<typeof reconcileConflicts>[0][0] => ({
      put: async (each) => void put.push(each),
      async *pages() {
        yield entries;
      },
    });
    const rejected: string[] = [];
    const leveled = await reconcileConflicts(
      [side([entry]), side([])],
      () => 0,
      ({ id }) => rejected.push(id),
    );
    assert.deepEqual([leveled, put, rejected], [0, [], ["routing-eu-west-1"]]);
  });

  it("counts all of them, and lists only the first ones", () => {
    const tally = emptyTally();
    for (let count = 0; count < 1000; count++) noteRejected(tally, String(count));
    assert.deepEqual([tally.rejected, tally.findings.length, tally.findings[0]], [1000, 50, "0"]);
  });
});
