import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { WebUiDriver } from "./web-ui-driver";
import type { SharedTests } from "./browser-environment";

/** Returns a list to which each request of the web UI is added, also preflight requests, which Playwright does not report. */
async function requestsOf({
  page,
}: WebUiDriver): Promise<{ readonly method: string; readonly url: string }[]> {
  const requests: { method: string; url: string }[] = [];
  const session = await page.context().newCDPSession(page);
  session.on("Network.requestWillBeSent", ({ request: { method, url } }) => requests.push({ method, url }));
  await session.send("Network.enable");
  return requests;
}

/** CORS preflight requests of writes. */
export const preflights: SharedTests = (environment) =>
  it("preflights only the first write to a ticket, in each region that receives one", async () => {
    const subject = "Preflighted once";
    const { id } = await environment().ireland.create(subject);
    const ui = await environment().open();
    const requests = await requestsOf(ui);
    const sent = (method: string): string[] =>
      requests
        .filter((request) => request.method === method && request.url.endsWith(id))
        .map(({ url }) => url);

    for (const [button, status] of [
      ["Close", "closed"],
      ["Reopen", "open"],
      ["Close", "closed"],
    ]) {
      await ui.press(button, subject);
      await waitFor(async () => (await environment().ireland.find(id))?.status === status, { what: status });
    }
    assert.ok(sent("PATCH").length >= 3, JSON.stringify(requests));
    assert.deepEqual(sent("OPTIONS").sort(), [...new Set(sent("PATCH"))].sort());
    // Later tests count the closed tickets.
    await environment().ireland.delete(id);
  });
