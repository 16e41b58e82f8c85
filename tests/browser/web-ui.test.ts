import { accessibility } from "./accessibility";
import { conflicts } from "./conflicts";
import { failover } from "./failover";
import { validation } from "./validation";
import { navigation } from "./navigation";
import { keyboard } from "./keyboard";
import { layout } from "./layout";
import { listing } from "./listing";
import { offline } from "./offline";
import { concurrentEdits } from "./concurrent-edits";
import { BrowserEnvironment } from "./browser-environment";
import { waitFor } from "../support/wait-for";
import { pendingWrites } from "./pending-writes";
import { preflights } from "./preflights";
import type { RegionClient } from "../support/region-client";
import { ticketLifecycle } from "./ticket-lifecycle";

describe("Web UI in a browser", function () {
  this.timeout(120_000);

  let environment: BrowserEnvironment;
  before(async () => {
    environment = await BrowserEnvironment.start();
    // On a busy machine, a web UI that opens while all functions start finds no region. See cold-starts.test.ts.
    for (const region of [environment.ireland, environment.singapore]) await startFunctions(region);
    // Singapore can take over meanwhile.
    await environment.routing.returnToIreland();
  });
  afterEach(() => environment.reset());
  after(() => environment?.stop());

  for (const tests of [
    ticketLifecycle,
    validation,
    concurrentEdits,
    pendingWrites,
    preflights,
    keyboard,
    navigation,
    layout,
    listing,
    conflicts,
    accessibility,
    failover,
    offline,
  ])
    tests(() => environment);
});

/** Starts the functions of a region that the first tests need. A request that times out is sent again. */
async function startFunctions(region: RegionClient): Promise<void> {
  const { id } = await waitFor(() => region.create("Written before the web UI opens"), { what: "a ticket" });
  await waitFor(() => region.edit(id, { priority: "high" }), { what: "its change" });
  await waitFor(() => region.conflicts(id), { what: "its conflicts" });
  await waitFor(() => region.list(), { what: "the tickets" });
  await waitFor(() => region.delete(id).then(() => true), { what: "its removal" });
}
