import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { RunningCloud } from "../../testing/running-cloud";
import { openBrowser } from "../support/browser";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { WebUiDriver } from "./web-ui-driver";

describe("Web UI of a stack without a domain", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let browser: Browser;
  before(async () => {
    [cloud, browser] = await Promise.all([RunningCloud.start("--no-domain", "--speed", "50"), openBrowser()]);
  });
  after(async () => {
    await browser?.close();
    assert.equal(await cloud?.stop(), 0);
  });

  it("is served by the distribution of both regions, also while the first one is down, and shows the tickets", async () => {
    const [url] = Object.values(cloud.addresses.frontDoor);
    const { ireland, singapore } = cloud.addresses.regions;
    const { id, subject } = await new RegionClient(ireland.api).create("Served by CloudFront's own name");
    await waitFor(() => new RegionClient(singapore.api).find(id), { what: "the ticket in Singapore" });
    for (const state of ["up", "down"] as const) {
      await cloud.setRegion("ireland", state);
      const ui = await WebUiDriver.open(browser, `${url}/`);
      await ui.page.getByText(subject).first().waitFor();
      assert.deepEqual(ui.uncaughtErrors, []);
      await ui.close();
    }
    await cloud.setRegion("ireland", "up");
  });
});
