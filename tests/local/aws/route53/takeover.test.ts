import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import { RegionServers } from "./region-servers";
import { failoverInputs } from "./open-route53";

/** Response of the secondary to /routing. */
const ROUTING = { type: "HTTPS_STR_MATCH", resourcePath: "/routing", searchString: '{"takeover":true' };

describe("Primary record with a check of the secondary's takeover", () => {
  let setup: RegionServers;
  let takeover: boolean;
  let primary: string;
  let routing: string;
  let calculated: string;

  beforeEach(async () => {
    setup = await RegionServers.start();
    takeover = false;
    setup.respond = ({ url }, response) => {
      if (url === "/routing") response.end(JSON.stringify({ takeover, region: "ap-southeast-1" }));
      else response.end('{"status":"ok"}');
    };
    primary = await setup.check("ireland");
    const fqdn = "singapore.tickets.test";
    routing = await setup.check("routing", { ...ROUTING, fqdn, invertHealthcheck: true });
    const children = { childHealthchecks: [primary, routing], childHealthThreshold: 2 };
    calculated = await setup.check("calculated", { type: "CALCULATED", ...children });
    await setup.record(failoverInputs(setup.zoneId, "PRIMARY", { healthCheckId: calculated }));
    const secondary = await setup.check("singapore");
    await setup.record(failoverInputs(setup.zoneId, "SECONDARY", { healthCheckId: secondary }));
  });
  afterEach(() => setup.close());

  const answer = (): string => setup.route53.resolve("api.tickets.test", "A")[0].data;

  it("is unhealthy until the first response of /routing", async () => {
    const seen: boolean[] = [];
    setup.route53.on("healthChange", ({ id, healthy }) => {
      if (id === routing) seen.push(healthy);
    });
    assert.deepEqual([setup.status(routing).healthy, setup.status(calculated).healthy], [false, false]);
    assert.equal(answer(), "127.0.0.12");
    await setup.untilHealthy(calculated, true);
    assert.deepEqual([seen, setup.status(routing).lastResult], [[true], "200, string not found"]);
    assert.equal(answer(), "127.0.0.11");
  });

  it("resolves to the secondary during a takeover, in every state of the primary, and back after it", async () => {
    await setup.untilHealthy(calculated, true);
    takeover = true;
    await setup.untilHealthy(calculated, false);
    assert.deepEqual([setup.status(primary).healthy, answer()], [true, "127.0.0.12"]);
    setup.regions.setState("ireland", "down");
    await setup.untilHealthy(primary, false);
    setup.regions.setState("ireland", "up");
    await setup.untilHealthy(primary, true);
    assert.deepEqual([setup.status(calculated).healthy, answer()], [false, "127.0.0.12"]);
    takeover = false;
    await setup.untilHealthy(calculated, true);
    assert.equal(answer(), "127.0.0.11");
  });

  it("resolves to the primary when the secondary is unreachable or returns any other response", async () => {
    await setup.untilHealthy(calculated, true);
    let requests = 0;
    const failing: number[] = [429, 503];
    setup.respond = (_request, response) => {
      requests++;
      response.writeHead(failing[requests % 2]).end('{"takeover":true');
    };
    // Both checks of Singapore send requests; this is more than the sum of their thresholds.
    await waitFor(() => requests > 12, { what: "the failed checks" });
    assert.equal(setup.status(routing).healthy, true);
    setup.regions.setState("singapore", "down");
    await setup.untilResult(routing, "connection refused");
    assert.equal(setup.status(routing).healthy, true);
  });
});
