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
import { startFunctions } from "../support/start-functions";
import { ticketLifecycle } from "./ticket-lifecycle";

describe("Web UI in a browser", function () {
  this.timeout(120_000);

  let environment: BrowserEnvironment;
  before(async () => {
    environment = await BrowserEnvironment.start();
    await startFunctions(environment.ireland, environment.singapore);
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
