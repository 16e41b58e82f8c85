import assert from "node:assert/strict";
import type { Request } from "playwright-core";
import { WRITE_HEDGE_MS } from "../../ui/src/data/hedged-request";
import { waitFor } from "../support/wait-for";
import { BrowserEnvironment } from "./browser-environment";

/** A usual cold start on AWS, in milliseconds. */
const COLD_START_MS = 800;
/** Round trip between Ireland and Singapore, in milliseconds. */
const ROUND_TRIP_MS = 180;
/** Attempts: on a busy machine, the start of a process itself can take seconds. */
const ATTEMPTS = 3;

/** Time between the start of the web UI's timer and its call, in milliseconds. */
const TOLERANCE_MS = 250;

/** Lets a page record the times of its calls that change a ticket in `window.calls`, in milliseconds by one clock. */
const RECORD_CALLS = `
  window.calls = [];
  const original = window.fetch;
  window.fetch = (url, init) => {
    if (init?.method === "PATCH") window.calls.push(performance.now());
    return original(url, init);
  };
  undefined;
`;

/** How the web UI changed a ticket. */
interface FirstChange {
  readonly requests: readonly Request[];
  /** Times of the calls of `fetch`, in milliseconds by one clock. */
  readonly calls: readonly number[];
  /** URL of the ticket in Singapore. */
  readonly url: string;
}

describe("Web UI of a distant region whose functions start", function () {
  this.timeout(300_000);

  let environment: BrowserEnvironment | undefined;
  const close = async (): Promise<void> => {
    const closed = environment;
    environment = undefined;
    // Fails if a page had an uncaught error.
    await closed?.reset().finally(() => closed.stop());
  };
  afterEach(close);

  /** Starts the regions, and changes a ticket through Singapore. */
  async function firstChange(): Promise<FirstChange> {
    const delays = ["--cold-start", String(COLD_START_MS), "--round-trip", String(ROUND_TRIP_MS)];
    environment = await BrowserEnvironment.start(["--speed", "10", ...delays]);
    await environment.routing.takeOver();
    const { ireland, singapore, cloud } = environment;
    const { id, subject } = await ireland.create("Changed after a pause");
    await waitFor(() => singapore.find(id), { what: "the ticket in Singapore" });
    const ui = await environment.open();
    await ui.servedBy("Singapore");
    const requests: Request[] = [];
    ui.page.on("request", (request) => {
      if (request.method() === "PATCH") requests.push(request);
    });
    await ui.page.evaluate(RECORD_CALLS);
    await ui.press("Close", subject);
    await waitFor(async () => (await singapore.find(id))?.status === "closed", {
      what: "the change in Singapore",
    });
    await ui.card(subject).and(ui.page.locator("[aria-busy=false]")).waitFor();
    const calls = await ui.page.evaluate<number[]>("window.calls");
    return { requests, calls, url: `${cloud.addresses.regions.singapore.api}/tickets/${id}` };
  }

  it("sends the first change of a ticket to this region only", async () => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { requests, calls, url } = await firstChange();
      assert.equal(requests[0].url(), url);
      if (requests.length === 1) {
        const { responseEnd, requestStart } = requests[0].timing();
        const lasted = responseEnd - requestStart;
        assert.ok(lasted >= COLD_START_MS + ROUND_TRIP_MS, `The request took ${lasted} ms.`);
        return;
      }
      // The start of a process itself took so long that the web UI had to ask the other region, too, but not before its time.
      const waited = calls[1] - calls[0];
      assert.ok(waited >= WRITE_HEDGE_MS - TOLERANCE_MS, `The second call followed after ${waited} ms.`);
      console.log(`      the machine was busy: the first call had no response after ${WRITE_HEDGE_MS} ms`);
      await close();
    }
    assert.fail(`Each of ${ATTEMPTS} first calls took longer than the web UI waits.`);
  });
});
