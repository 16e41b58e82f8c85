import assert from "node:assert/strict";
import dns from "node:dns";
import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { probeHealth } from "../../functions/sentinel/health-probe";
import { closeServer, listen } from "../../local/aws/listen";
import { LocalGateway } from "../../local/gateway/gateway";
import { DnsClient, dnsLookUp } from "../../operations/drill/clients/dns-client";
import { lookupFor, regionalNameProbe } from "../../operations/routing/dns";
import { connectTo } from "../../shared/connect-to";
import { failoverInputs } from "../local/aws/route53/open-route53";
import { RegionServers } from "../local/aws/route53/region-servers";

const CODE = "eu-west-1";
const HEALTHY = JSON.stringify({ ok: true, region: CODE });

describe("A name with two addresses, of which the first is dead", () => {
  let setup: RegionServers;
  let dnsServer: string;

  before(async () => {
    setup = await RegionServers.start();
    setup.respond = (_, response) => response.end(HEALTHY);
    await setup.record(
      failoverInputs(setup.zoneId, "PRIMARY", { healthCheckId: await setup.check("ireland") }),
    );
    setup.regions.setState("ireland", "dead-address");
    dnsServer = setup.route53.dnsAddress;
  });
  after(() => setup.close());

  const urlOf = (label: string): string => `https://${label}.tickets.test:${setup.port}`;

  it("resolves to the dead address first", async () => {
    for (const label of ["api", "ireland"])
      assert.deepEqual(await lookupFor({ dnsServer }).addresses(`${label}.tickets.test`), [
        "127.0.0.101",
        "127.0.0.11",
      ]);
  });

  it("keeps its health check healthy", async () => {
    const checks = setup.route53.healthChecks();
    await setup.untilResult(checks[0].id, "200");
    assert.equal(setup.status(checks[0].id).healthy, true);
  });

  it("is reached by the probe of the operator commands", async () => {
    const urls = { "ireland.tickets.test": urlOf("ireland") };
    const naming = {
      dnsServer,
      local: { console: "", speed: 1, queueCountLagSeconds: 0, urls, ca: setup.ca },
    };
    assert.deepEqual(await regionalNameProbe(naming, "tickets.test", { name: "ireland", code: CODE })(), {
      ok: true,
    });
  });

  it("is reached by the clients of a drill", async () => {
    const lookUp = dnsLookUp([dnsServer]);
    const client = new DnsClient({ url: urlOf("api"), lookUp, ca: setup.ca, timeoutMs: 2000 });
    for (const attempt of ["with a new answer", "with a cached answer"])
      assert.equal((await client.call({ method: "GET", path: "/health" })).status, 200, attempt);
  });

  it("is reached by a browser through the gateway", async () => {
    const gateway = new LocalGateway({
      ...{ names: () => ({ api: "api.tickets.test" }), dnsAddress: dnsServer, httpsPort: setup.port },
      caCertificates: [setup.ca],
    });
    const server = createServer((incoming, answer) => void gateway.handle(incoming, answer));
    const port = await listen(server, { port: 0, purpose: "a gateway" });
    const headers = { host: "api.localhost" };
    const [answer] = (await once(
      request({ port, host: "127.0.0.1", path: "/health", headers }).end(),
      "response",
    )) as [IncomingMessage];
    answer.resume();
    assert.equal(answer.statusCode, 200);
    gateway.close();
    await closeServer(server);
  });

  it("is reached by the sentinel, whose fetch leaves the addresses to Node.js", async () => {
    const { lookup } = dns;
    const server = createServer((_, response) => response.end(HEALTHY));
    const port = await listen(server, {
      port: 0,
      purpose: "a region",
      ownNames: () => ["ireland.tickets.test"],
    });
    dns.lookup = connectTo(["127.0.0.101", "127.0.0.1"]).lookup as typeof lookup;
    try {
      assert.deepEqual(await probeHealth(`http://ireland.tickets.test:${port}`, CODE), { ok: true });
    } finally {
      dns.lookup = lookup;
      await closeServer(server);
    }
  });
});
