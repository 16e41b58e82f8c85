import assert from "node:assert/strict";
import type { Request } from "playwright-core";
import { waitFor } from "../support/wait-for";
import { BrowserEnvironment } from "./browser-environment";

/** A usual cold start on AWS, in milliseconds. */
const START_DELAY_MS = 800;
/** Round trip between Ireland and Singapore, in milliseconds. */
const ROUND_TRIP_MS = 180;

describe("Web UI of a distant region whose functions start", function () {
  this.timeout(120_000);

  let environment: BrowserEnvironment;
  before(async () => {
    const delays = ["--start-delay", String(START_DELAY_MS), "--round-trip", String(ROUND_TRIP_MS)];
    environment = await BrowserEnvironment.start(["--speed", "10", ...delays]);
    await environment.routing.takeOver();
  });
  afterEach(() => environment.reset());
  after(() => environment?.stop());

  it("sends the first change of a ticket to this region only", async () => {
    const { ireland, singapore, cloud } = environment;
    const { id, subject } = await ireland.create("Changed after a pause");
    await waitFor(() => singapore.find(id), { what: "the ticket in Singapore" });
    const ui = await environment.open();
    await ui.servedBy("Singapore");
    const changes: Request[] = [];
    ui.page.on("request", (request) => {
      if (request.method() === "PATCH") changes.push(request);
    });
    await ui.press("Close", subject);
    await waitFor(async () => (await singapore.find(id))?.status === "closed", {
      what: "the change in Singapore",
    });
    await ui.card(subject).and(ui.page.locator("[aria-busy=false]")).waitFor();

    assert.deepEqual(
      changes.map((request) => request.url()),
      [`${cloud.addresses.regions.singapore.api}/tickets/${id}`],
    );
    const { responseEnd, requestStart } = changes[0].timing();
    assert.ok(
      responseEnd - requestStart >= START_DELAY_MS + ROUND_TRIP_MS,
      JSON.stringify(changes[0].timing()),
    );
  });
});
