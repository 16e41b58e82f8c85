import assert from "node:assert/strict";
import { Agent } from "node:http";
import { promisify } from "node:util";
import { waitFor } from "../../support/wait-for";
import { EDGE, GatewayFixture, IRELAND, SINGAPORE } from "./gateway-fixture";

describe("Connections through the local gateway", () => {
  const fixture = new GatewayFixture();
  const { dns } = fixture;
  const ask: GatewayFixture["ask"] = (...args) => fixture.ask(...args);

  before(() => fixture.start());
  beforeEach(() => fixture.reset());
  after(() => fixture.stop());

  it("keeps the region of an open connection when DNS moves, until the browser or the region closes it", async () => {
    const browser = new Agent({ keepAlive: true, maxSockets: 1 });
    const region = async (): Promise<unknown> =>
      (await ask("api.localhost", "/", { agent: browser })).answer.headers["x-region"];
    assert.equal(await region(), IRELAND);
    dns.address = SINGAPORE;
    for (let request = 0; request < 3; request++) assert.equal(await region(), IRELAND);
    assert.equal((await ask("api.localhost", "/")).answer.headers["x-region"], SINGAPORE, "a new connection");
    assert.equal(
      (await ask("app.localhost", "/", { agent: browser })).answer.headers["x-region"],
      EDGE,
      "another name on the same connection",
    );
    fixture.upstreams.get(IRELAND)?.closeAllConnections();
    await waitFor(async () => (await region()) === SINGAPORE, { what: "the browser's connection to move" });
    dns.address = IRELAND;
    assert.equal(await region(), SINGAPORE);
    browser.destroy();
    const again = new Agent({ keepAlive: true });
    assert.equal((await ask("api.localhost", "/", { agent: again })).answer.headers["x-region"], IRELAND);
    again.destroy();
  });

  it("closes the connection to a region with the browser's connection", async () => {
    const connections = async (): Promise<number> => {
      const counts = [...fixture.upstreams.values()].map((server) =>
        promisify(server.getConnections.bind(server))(),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    await waitFor(async () => (await connections()) === 0, { what: "no connections" });
    const browser = new Agent({ keepAlive: true });
    await ask("api.localhost", "/", { agent: browser });
    assert.equal(await connections(), 1);
    browser.destroy();
    await waitFor(async () => (await connections()) === 0, { what: "no connections" });
  });
});
