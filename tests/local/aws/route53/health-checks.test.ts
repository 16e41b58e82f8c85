import assert from "node:assert/strict";
import type { HealthCheckStatus } from "../../../../local/aws/route53/health-checks";
import { waitFor } from "../../../support/wait-for";
import { RegionServers } from "./region-servers";
import { createResource } from "../../support/create-resource";
import { failoverInputs, HEALTH_CHECK, RECORD, startRoute53, ZONE } from "./open-route53";

describe("Route 53 health checks", () => {
  let setup: RegionServers;

  beforeEach(async () => {
    setup = await RegionServers.start();
  });

  afterEach(() => setup.close());

  it("move the failover name away from a stopped region, and back when it is up again", async () => {
    const match = { type: "HTTPS_STR_MATCH", searchString: '"status":"ok"', resourcePath: "/health" };
    const ireland = await setup.check("ireland", match);
    const singapore = await setup.check("singapore");
    await setup.record(failoverInputs(setup.zoneId, "PRIMARY", { healthCheckId: ireland }));
    await setup.record(failoverInputs(setup.zoneId, "SECONDARY", { healthCheckId: singapore }));
    const changes: HealthCheckStatus[] = [];
    setup.route53.on("healthChange", (change) => changes.push(change));
    const answer = (): string => setup.route53.resolve("api.tickets.test", "A")[0].data;
    const made = setup.now;

    await setup.untilResult(ireland, "200, matched");
    assert.equal(answer(), "127.0.0.11");
    assert.equal(setup.status(ireland).target, "https://ireland.tickets.test:443/health");
    assert.equal(setup.status(ireland).since, made);

    setup.now += 1000;
    setup.regions.setState("ireland", "down");
    await setup.untilHealthy(ireland, false);
    assert.equal(answer(), "127.0.0.12");

    setup.now += 1000;
    setup.regions.setState("ireland", "up");
    await setup.untilHealthy(ireland, true);
    assert.equal(answer(), "127.0.0.11");
    assert.deepEqual(
      changes.map(({ name, healthy, since }) => [name, healthy, since]),
      [
        ["ireland", false, made + 1000],
        ["ireland", true, made + 2000],
      ],
    );
  });

  it("select the primary again when both regions are stopped", async () => {
    const checks = [await setup.check("ireland"), await setup.check("singapore")];
    await setup.record(failoverInputs(setup.zoneId, "PRIMARY", { healthCheckId: checks[0] }));
    await setup.record(failoverInputs(setup.zoneId, "SECONDARY", { healthCheckId: checks[1] }));
    setup.regions.setState("ireland", "down");
    setup.regions.setState("singapore", "down");
    await Promise.all(checks.map((id) => setup.untilHealthy(id, false)));
    assert.equal(setup.route53.resolve("api.tickets.test", "A")[0].data, "127.0.0.11");
  });

  it("invert their status when inverted, and do not run when disabled", async () => {
    const fqdn = "ireland.tickets.test";
    const inverted = await setup.check("inverted", { fqdn, invertHealthcheck: true });
    const off = await setup.check("off", { fqdn: "nowhere.test", disabled: true, failureThreshold: 1 });
    assert.deepEqual(
      [setup.status(inverted).healthy, setup.status(inverted).lastResult],
      [false, "not checked yet"],
    );
    await setup.untilResult(inverted, "200");
    assert.equal(setup.status(inverted).healthy, false);
    setup.regions.setState("ireland", "down");
    await setup.untilHealthy(inverted, true);
    assert.deepEqual([setup.status(off).healthy, setup.status(off).lastResult], [true, "disabled"]);
  });

  it("are calculated from their children", async () => {
    const childHealthchecks = [await setup.check("ireland"), await setup.check("singapore")];
    const calculated = (childHealthThreshold: number): Promise<string> =>
      setup.check(`least-${childHealthThreshold}`, {
        type: "CALCULATED",
        childHealthchecks,
        childHealthThreshold,
      });
    const ids = await Promise.all([0, 1, 2, 3].map(calculated));
    const healthy = (): boolean[] => ids.map((id) => setup.status(id).healthy);
    assert.equal(setup.status(ids[2]).target, "2 of ireland, singapore");
    assert.deepEqual(healthy(), [true, true, true, false]);
    setup.regions.setState("ireland", "down");
    await setup.untilHealthy(ids[2], false);
    assert.equal(setup.status(ids[2]).lastResult, "1 of 2 healthy, 2 needed");
    assert.deepEqual(healthy(), [true, true, false, false]);
  });

  it("and zones are rejected when a tag contains characters that Route 53 does not allow", async () => {
    const tagged = (tags: Record<string, string>): Promise<string> => setup.check("ireland", { tags });
    await tagged({ Name: "ireland.tickets.test: a_b / c=d + e-f @ Zürich", "": "" }).then(
      () => assert.fail("An empty key was taken."),
      (error: Error) => assert.match(error.message, /A key has 1 to 128 characters/),
    );
    await tagged({ Name: "ireland.tickets.test: a_b / c=d + e-f @ Zürich" });
    const words =
      /Tags can only contain letters, numbers, spaces, and the following special characters: _ \. : \/ = \+ - @$/;
    await assert.rejects(tagged({ Name: "ireland serves, singapore does not" }), { message: words });
    await assert.rejects(tagged({ "Name!": "ireland" }), { message: words });
    await assert.rejects(tagged({ Name: "a".repeat(257) }), { message: /A value has up to 256 characters/ });
    const zone = { name: "other.test", tags: { Name: "*.other.test" } };
    await assert.rejects(createResource(setup.route53, ZONE, zone), { message: words });
  });

  it("stop when the service is closed", async () => {
    const stopped = await setup.check("ireland");
    await setup.untilResult(stopped, "200");
    await setup.route53.close();
    const before = requestsOf(setup, stopped);
    const other = await startRoute53({ speed: 500 });
    try {
      // Another checker with the same interval sends five requests; a checker that still ran would send about as many.
      const zoneId = (await createResource(other, ZONE, { name: "tickets.test" })).id;
      await createResource(other, RECORD, {
        zoneId,
        name: "ireland",
        type: "A",
        ttl: 60,
        records: ["127.0.0.11"],
      });
      const inputs = { type: "HTTPS", fqdn: "ireland.tickets.test", port: setup.port, requestInterval: 10 };
      const running = (await createResource(other, HEALTH_CHECK, inputs, { name: "running" })).id;
      await waitFor(() => requestsOf(setup, running) >= 5, { what: "five requests of the running check" });
      assert.equal(requestsOf(setup, stopped), before);
    } finally {
      await other.close();
    }
  });
});

function requestsOf(setup: RegionServers, id: string): number {
  return setup.seenInIreland.filter(({ agent }) => agent?.includes(id)).length;
}
