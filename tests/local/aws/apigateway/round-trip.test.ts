import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { createApi, IRELAND, SINGAPORE, startGateway, type TestGateway } from "./support/test-gateway";

const ROUND_TRIP_MS = 300;

describe("HTTP API of a distant region", () => {
  let test: TestGateway;
  before(async () => {
    test = await startGateway({ roundTrips: { singapore: ROUND_TRIP_MS } });
  });
  after(() => test.gateway.close());

  /** Sends a request and returns when its response arrived. */
  async function ask(url: string, agent: Agent): Promise<number> {
    const [response] = (await once(get(`${url}/tickets`, { agent }), "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    return performance.now();
  }

  it("takes one round trip for a request, and two more for a new connection", async () => {
    const [near, far] = [
      await createApi(test, { region: IRELAND }),
      await createApi(test, { region: SINGAPORE }),
    ];
    const agents = [1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    const start = performance.now();
    assert.ok((await ask(far.url, agents[0])) - start >= 3 * ROUND_TRIP_MS - 1);
    const again = performance.now();
    // Only the order shows what is faster, because the times depend on the machine.
    const [kept, opened, here] = await Promise.all([
      ask(far.url, agents[0]),
      ask(far.url, agents[1]),
      ask(near.url, agents[2]),
    ]);
    assert.ok(kept - again >= ROUND_TRIP_MS - 1 && opened - again >= 3 * ROUND_TRIP_MS - 1);
    assert.ok(here < kept && kept < opened);
    for (const agent of agents) agent.destroy();
  });
});
