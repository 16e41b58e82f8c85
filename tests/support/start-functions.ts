import { randomUUID } from "node:crypto";
import type { RegionClient } from "./region-client";
import { waitFor } from "./wait-for";

/**
 * Starts the functions of each region that a web UI needs, one region after the other. On a busy machine, a web UI that opens while all
 * of them start finds no region: tests/browser/cold-starts.test.ts. A request that times out is sent again.
 */
export async function startFunctions(...regions: readonly RegionClient[]): Promise<void> {
  for (const region of regions) {
    await waitFor(() => region.preflight(), { what: "a preflight" });
    const key = randomUUID();
    const { id } = await waitFor(() => region.create("Written before the web UI opens", key), {
      what: "a ticket",
    });
    await waitFor(() => region.edit(id, { priority: "high" }), { what: "its change" });
    await waitFor(() => region.conflicts(id), { what: "its conflicts" });
    await waitFor(() => region.list(), { what: "the tickets" });
    await waitFor(() => region.delete(id).then(() => true), { what: "its removal" });
  }
}
