import assert from "node:assert/strict";
import type { Browser, Request } from "playwright-core";
import { RunningCloud } from "../../testing/running-cloud";
import { openBrowser } from "../support/browser";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { RoutingControl } from "./routing-control";
import { WebUiDriver } from "./web-ui-driver";

/** A usual cold start on AWS, in milliseconds. */
const START_DELAY_MS = 800;
/** Round trip between Ireland and Singapore, in milliseconds. */
const ROUND_TRIP_MS = 180;

describe("Web UI of a distant region whose functions start", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let browser: Browser;
  let routing: RoutingControl;
  before(async () => {
    const delays = ["--start-delay", String(START_DELAY_MS), "--round-trip", String(ROUND_TRIP_MS)];
    [cloud, browser] = await Promise.all([RunningCloud.start("--speed", "10", ...delays), openBrowser()]);
    routing = new RoutingControl(cloud.addresses);
    await routing.takeOver();
  });
  after(async () => {
    routing?.close();
    await browser?.close();
    assert.equal(await cloud?.stop(), 0);
  });

  it("sends the first change of a ticket to this region only", async () => {
    const { ireland, singapore } = cloud.addresses.regions;
    const { id, subject } = await new RegionClient(ireland.api).create("Changed after a pause");
    await waitFor(() => new RegionClient(singapore.api).find(id), { what: "the ticket in Singapore" });
    const ui = await WebUiDriver.open(browser, `${cloud.addresses.frontDoor["app.tickets.test"]}/`);
    await ui.servedBy("Singapore");
    const changes: Request[] = [];
    ui.page.on("request", (request) => {
      if (request.method() === "PATCH") changes.push(request);
    });
    await ui.press("Close", subject);
    await waitFor(async () => (await new RegionClient(singapore.api).find(id))?.status === "closed", {
      what: "the change in Singapore",
    });
    await ui.card(subject).and(ui.page.locator("[aria-busy=false]")).waitFor();

    assert.deepEqual(
      changes.map((request) => request.url()),
      [`${singapore.api}/tickets/${id}`],
    );
    const { responseEnd, requestStart } = changes[0].timing();
    assert.ok(
      responseEnd - requestStart >= START_DELAY_MS + ROUND_TRIP_MS,
      JSON.stringify(changes[0].timing()),
    );
    assert.deepEqual(ui.uncaughtErrors, []);
    await ui.close();
  });
});
