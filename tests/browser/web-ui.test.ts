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
import { pendingWrites } from "./pending-writes";
import { preflights } from "./preflights";
import type { RegionClient } from "../support/region-client";
import { ticketLifecycle } from "./ticket-lifecycle";

describe("Web UI in a browser", function () {
  this.timeout(120_000);

  let environment: BrowserEnvironment;
  before(async () => {
    environment = await BrowserEnvironment.start();
    // On a busy machine, a page that opens while all functions start finds no region. See cold-starts.test.ts.
    for (const region of [environment.ireland, environment.singapore]) await startFunctions(region);
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

/** Uses every function of a region that serves tickets once. */
async function startFunctions(region: RegionClient): Promise<void> {
  const { id } = await region.create("Written before the web UI opens");
  await region.edit(id, { priority: "high" });
  await Promise.all([region.find(id), region.conflicts(id), region.list()]);
  await region.delete(id);
}
