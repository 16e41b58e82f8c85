import assert from "node:assert/strict";
import { request, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { IRELAND, SINGAPORE, createApi, startGateway, type TestGateway } from "./support/test-gateway";
import { createCertificates, type TestCertificates } from "./support/test-certificates";

const NAMES = ["api.tickets.test", "ireland.tickets.test", "unmapped.tickets.test"];
const ADDRESS = "127.0.0.11";

describe("Custom domains of API Gateway", () => {
  let certificates: TestCertificates;
  let test: TestGateway;

  before(async () => {
    certificates = await createCertificates(NAMES);
    test = await startGateway({ keyPairOf: () => certificates });
    for (const [region, names] of [
      [IRELAND, NAMES],
      [SINGAPORE, ["api.tickets.test"]],
    ] as const) {
      const api = await createApi(test, { region, routes: ["GET /tickets"] });
      for (const name of names) await createDomain(name, region);
      await createMapping(api.id, "api.tickets.test", region);
      if (region !== IRELAND) continue;
      for (const key of ["v1", "v1/app"]) await createMapping(api.id, "ireland.tickets.test", region, key);
    }
  });

  after(() => test.gateway.close());

  async function createDomain(domainName: string, region: string): Promise<void> {
    const certificateArn = `arn:aws:acm:${region}:000000000000:certificate/1`;
    const domainNameConfiguration = { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" };
    await test.make("domainName", `${region}-${domainName}`, { domainName, domainNameConfiguration }, region);
  }

  async function createMapping(
    apiId: string,
    domainName: string,
    region: string,
    apiMappingKey?: string,
  ): Promise<void> {
    const inputs = { apiId, domainName, stage: "$default", apiMappingKey };
    await test.make("apiMapping", `${region}-${domainName}`, inputs, region);
  }

  /** Sends a request over TLS with the name in SNI and, by default, in the Host header. */
  async function get(name: string, options: RequestOptions = {}): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: ADDRESS,
        port: test.gateway.httpsPort,
        servername: name,
        ca: certificates.ca,
        agent: false,
        path: "/tickets",
        ...options,
        headers: { host: name, ...options.headers },
      });
      outgoing.once("error", reject);
      outgoing.once("response", async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode ?? 0, body });
      });
      outgoing.end();
    });
  }

  it("respond over TLS with a certificate for the name, in each region on its own address", async () => {
    for (const host of [ADDRESS, "127.0.0.12"]) {
      test.events.length = 0;
      assert.deepEqual(await get("api.tickets.test", { host }), { status: 200, body: "made" });
      assert.equal(test.events[0].requestContext.domainName, "api.tickets.test");
      assert.equal(test.events[0].headers["x-forwarded-proto"], "https");
    }
  });

  it("are found with any port in the Host header", async () => {
    assert.equal((await get("api.tickets.test", { headers: { host: "API.tickets.test:8443" } })).status, 200);
  });

  it("select the API by the longest matching mapping key, which the event does not contain", async () => {
    test.events.length = 0;
    assert.equal((await get("ireland.tickets.test", { path: "/v1/app/tickets" })).status, 200);
    assert.equal(test.events[0].rawPath, "/tickets");
    assert.equal((await get("ireland.tickets.test", { path: "/v1/apple/tickets" })).status, 404);
    assert.equal((await get("ireland.tickets.test", { path: "/v12/tickets" })).status, 403);
  });

  it("return 403 for a host that is not a custom domain or has no mapping", async () => {
    assert.deepEqual(await get("api.tickets.test", { headers: { host: "unmapped.tickets.test" } }), {
      status: 403,
      body: '{"message":"Forbidden"}',
    });
    const other = await get("api.tickets.test", { headers: { host: "other.tickets.test" } });
    assert.equal(other.status, 403);
    assert.match(other.body, /"other\.tickets\.test\\?".* Allowed are api\.tickets\.test, /);
  });

  it("reject the handshake for an unknown server name, or for none", async () => {
    await assert.rejects(get("other.tickets.test"));
    await assert.rejects(get("ireland.tickets.test", { host: "127.0.0.12" }), "Singapore has no such domain");
    await assert.rejects(get("", { rejectUnauthorized: false }));
  });

  it("reject TLS versions before 1.2", async () => {
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await assert.rejects(get("api.tickets.test", old));
    assert.equal(
      (await get("api.tickets.test", { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" })).status,
      200,
    );
  });

  it("survive a client that does not speak TLS", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(test.gateway.httpsPort, ADDRESS, () => socket.end("GET / HTTP/1.1\r\n\r\n"));
      // The server may reset the connection or close it.
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });
    assert.equal((await get("api.tickets.test")).status, 200);
  });

  it("drop every connection while their region is down, and no others", async () => {
    test.regions.setState("ireland", "down");
    await assert.rejects(get("api.tickets.test"));
    assert.equal((await get("api.tickets.test", { host: "127.0.0.12" })).status, 200);
    test.regions.setState("ireland", "up");
    assert.equal((await get("api.tickets.test")).status, 200);
  });

  it("register their alias targets in Route 53", () => {
    const zones = new Set(test.aliasTargets.map(({ zoneId, region }) => `${region} ${zoneId}`));
    assert.deepEqual(zones, new Set([`${IRELAND} ZLY8HYME6SFDD`, `${SINGAPORE} ZL327KTPIQFUL`]));
    const names = test.aliasTargets.map(({ name }) => name);
    assert.equal(new Set(names).size, NAMES.length + 1);
    assert.match(names[0], /^d-[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/);
  });

  it("close while a client has not finished its handshake", async () => {
    const other = await startGateway();
    const socket = connect(other.gateway.httpsPort, ADDRESS);
    await new Promise((resolve) => socket.once("connect", resolve));
    const dropped = new Promise((resolve) => socket.once("close", resolve).on("error", () => undefined));
    await other.gateway.close();
    await dropped;
  });
});
