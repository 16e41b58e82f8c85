import assert from "node:assert/strict";
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

/** A call of `fetch` that changes a ticket. Times in milliseconds, by one clock. */
interface Call {
  readonly url: string;
  readonly start: number;
  /** End of the call; undefined without a response. */
  readonly end?: number;
}

/** Lets a page record its calls in `window.calls`. */
const RECORD_CALLS = `
  window.calls = [];
  const original = window.fetch;
  window.fetch = async (url, init) => {
    if (init?.method !== "PATCH") return original(url, init);
    const call = { url: String(url), start: performance.now() };
    window.calls.push(call);
    const response = await original(url, init);
    call.end = performance.now();
    return response;
  };
  undefined;
`;

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

  /** Starts the regions, changes a ticket through Singapore, and returns the calls of the web UI that changed it. */
  async function firstChange(): Promise<{ readonly calls: readonly Call[]; readonly url: string }> {
    const delays = ["--cold-start", String(COLD_START_MS), "--round-trip", String(ROUND_TRIP_MS)];
    environment = await BrowserEnvironment.start(["--speed", "10", ...delays]);
    await environment.routing.takeOver();
    const { ireland, singapore, cloud } = environment;
    const { id, subject } = await ireland.create("Changed after a pause");
    await waitFor(() => singapore.find(id), { what: "the ticket in Singapore" });
    const ui = await environment.open();
    await ui.servedBy("Singapore");
    await ui.page.evaluate(RECORD_CALLS);
    await ui.press("Close", subject);
    await waitFor(async () => (await singapore.find(id))?.status === "closed", {
      what: "the change in Singapore",
    });
    await ui.card(subject).and(ui.page.locator("[aria-busy=false]")).waitFor();
    const calls = await ui.page.evaluate<Call[]>("window.calls");
    return { calls, url: `${cloud.addresses.regions.singapore.api}/tickets/${id}` };
  }

  it("sends the first change of a ticket to this region only", async () => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { calls, url } = await firstChange();
      const [first, second] = calls;
      const lasted = Math.round((first.end ?? Infinity) - first.start);
      assert.equal(first.url, url);
      assert.ok(lasted >= COLD_START_MS + ROUND_TRIP_MS, `The first call took ${lasted} ms.`);
      if (calls.length === 1) return;
      // The start of a process itself took so long that the web UI had to ask the other region, too, but not before its time.
      const waited = second.start - first.start;
      assert.ok(waited >= WRITE_HEDGE_MS - TOLERANCE_MS, `The second call followed after ${waited} ms.`);
      console.log(`      the machine was busy: the first call had no response after ${WRITE_HEDGE_MS} ms`);
      await close();
    }
    assert.fail(`Each of ${ATTEMPTS} first calls took longer than the web UI waits.`);
  });
});
