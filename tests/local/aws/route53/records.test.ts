import assert from "node:assert/strict";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";
import {
  aliasTo,
  failoverInputs,
  HEALTH_CHECK,
  IRELAND_ENDPOINT,
  openZone,
  RECORD,
  startRoute53,
  ZONE,
} from "./open-route53";

describe("Route 53 zones and records", () => {
  let route53: LocalRoute53;
  let zoneId: string;

  beforeEach(async () => {
    ({ route53, zoneId } = await openZone());
  });
  afterEach(() => route53.close());

  const record = (inputs: Record<string, unknown>): ReturnType<typeof createResource> =>
    createResource(route53, RECORD, { zoneId, name: "www", type: "A", ...inputs });
  const address = { ttl: 300, records: ["127.0.0.1"] };
  const refuses = (inputs: Record<string, unknown>, message: RegExp): Promise<void> =>
    assert.rejects(record(inputs), { message });

  it("returns an id, an ARN and four name servers of a zone, the same at every start", async () => {
    const other = await startRoute53();
    try {
      const [zone] = route53.zones();
      const again = await createResource(other, ZONE, { name: "tickets.test." }, { name: "zone" });
      assert.match(zone.zoneId, /^Z[A-Z0-9]{20}$/);
      assert.equal(zone.arn, `arn:aws:route53:::hostedzone/${zone.zoneId}`);
      assert.equal(new Set(zone.nameServers).size, 4);
      zone.nameServers.forEach((server) =>
        assert.match(server, /^ns-\d{1,4}\.awsdns-\d{2}\.(com|net|org|co\.uk)$/),
      );
      assert.equal(again.id, zone.zoneId);
      assert.deepEqual(again.outputs.nameServers, zone.nameServers);
      assert.equal(again.outputs.name, "tickets.test");
    } finally {
      await other.close();
    }
  });

  it("accepts relative and absolute names, and returns the full name", async () => {
    const relative = await record({ name: "one", ...address });
    const absolute = await record({ name: "Two.Tickets.Test.", ...address });
    const apex = await record({ name: "tickets.test", ...address });
    assert.deepEqual(
      [relative, absolute, apex].map(({ outputs }) => outputs.fqdn),
      ["one.tickets.test", "two.tickets.test", "tickets.test"],
    );
    assert.equal(relative.id, `${zoneId}_one.tickets.test_A`);
  });

  it("accepts records in an adopted zone", async () => {
    route53.adoptZone("Z0000000000000000EXAM", "example.org");
    await record({ zoneId: "Z0000000000000000EXAM", ...address });
    assert.equal(route53.resolve("www.example.org", "A")[0].data, "127.0.0.1");
  });

  it("rejects zones with an unsupported name or type", async () => {
    await assert.rejects(createResource(route53, ZONE, { name: "other.test", vpcs: [{ vpcId: "vpc-1" }] }), {
      message: /does not support vpcs of aws:route53\/zone:Zone\. .* public zones/,
    });
    await assert.rejects(createResource(route53, ZONE, { name: "bad name" }), {
      message: /"bad name" is not a domain name/,
    });
  });

  it("rejects a record in an unknown zone, and names both", async () => {
    await refuses(
      { zoneId: "ZNOWHERE", ...address },
      /Record www A: NoSuchHostedZone: there is no hosted zone ZNOWHERE/,
    );
  });

  it("rejects a second record of the same name and type without allowOverwrite", async () => {
    await record(address);
    await refuses(
      address,
      /InvalidChangeBatch: Tried to create .*\[name='www\.tickets\.test\.', type='A'\] but it already exists/,
    );
    await record({ ttl: 60, records: ["127.0.0.2"], allowOverwrite: true });
    assert.deepEqual(route53.resolve("www.tickets.test", "A"), [
      { name: "www.tickets.test", type: "A", ttl: 60, data: "127.0.0.2" },
    ]);
  });

  it("rejects values that do not match the record type", async () => {
    await refuses({ ttl: 60, records: ["::1"] }, /"::1" is not an IPv4 address/);
    await refuses({ type: "AAAA", ttl: 60, records: ["127.0.0.1"] }, /"127\.0\.0\.1" is not an IPv6 address/);
    await refuses({ type: "TXT", ttl: 60, records: ["x".repeat(256)] }, /at most 255 bytes/);
    await refuses({ type: "CNAME", ttl: 60, records: ["a.test", "b.test"] }, /a CNAME must have one value/);
    await refuses({ type: "CNAME", ttl: 60, records: ["a b"] }, /CNAME value "a b" is not a domain name/);
    await refuses(
      { type: "MX", ttl: 60, records: ["10 mail.test"] },
      /supports only the types A, AAAA, CNAME, TXT, NS/,
    );
    await refuses({ name: "*.tickets.test", ...address }, /has no wildcard records/);
    await refuses({ name: "www.example.org.", ...address }, /is not in its zone tickets\.test/);
  });

  it("rejects a TTL that is missing or out of range", async () => {
    await refuses({ records: ["127.0.0.1"] }, /give either aliases, or ttl/);
    await refuses({ ttl: 60 }, /give either aliases, or ttl/);
    await refuses({ ttl: -1, records: ["127.0.0.1"] }, /ttl -1 is not a whole number of seconds/);
  });

  it("rejects a CNAME at the apex and next to other records", async () => {
    const cname = { type: "CNAME", ttl: 60, records: ["example.org"] };
    await refuses({ ...cname, name: "" }, /the apex of the zone tickets\.test cannot have a CNAME/);
    await record(address);
    await refuses(cname, /conflicts with the A record of the same name/);
    await record({ ...cname, name: "alone" });
    await refuses({ name: "alone", ...address }, /conflicts with the CNAME record of the same name/);
  });

  it("rejects an alias with a TTL, an unknown target, a wrong zone id, or a loop", async () => {
    const aliases = aliasTo(IRELAND_ENDPOINT);
    await refuses({ aliases, ttl: 60 }, /aliases excludes ttl and records/);
    await refuses({ aliases, type: "TXT" }, /must be of type A or AAAA/);
    await refuses(
      { aliases: aliasTo({ ...IRELAND_ENDPOINT, zoneId: "ZWRONG" }) },
      /zone id ZLY8HYME6SFDD, not ZWRONG/,
    );
    await refuses(
      { aliases: aliasTo({ name: "gone.tickets.test", zoneId }) },
      /gone\.tickets\.test is neither a known AWS endpoint nor a A record in the zone/,
    );
    await record(address);
    await record({ name: "next", aliases: aliasTo({ name: "www.tickets.test", zoneId }) });
    await refuses(
      { aliases: aliasTo({ name: "next.tickets.test", zoneId }), allowOverwrite: true },
      /next\.tickets\.test resolves back to it/,
    );
  });

  it("rejects failover records that Route 53 rejects", async () => {
    await record(failoverInputs(zoneId, "PRIMARY"));
    const second = failoverInputs(zoneId, "PRIMARY", { setIdentifier: "other" });
    await refuses(second, /a PRIMARY record already exists, with the setIdentifier "primary"/);
    await refuses(
      failoverInputs(zoneId, "SECONDARY", { setIdentifier: "primary" }),
      /set-identifier='primary'\] but it already exists/,
    );
    await refuses({ name: "api", ...address }, /with a routing policy and without one cannot share/);
    await refuses(failoverInputs(zoneId, "SECONDARY", { setIdentifier: undefined }), /needs a setIdentifier/);
    await refuses({ ...address, setIdentifier: "alone" }, /setIdentifier needs a routing policy/);
    const wrong = { failoverRoutingPolicies: [{ type: "THIRD" }], setIdentifier: "third" };
    await refuses({ ...address, ...wrong }, /"THIRD" is neither PRIMARY nor SECONDARY/);
    const plain = { failoverRoutingPolicies: [{ type: "PRIMARY" }], setIdentifier: "plain" };
    await refuses({ ...address, ...plain }, /a PRIMARY that is not an alias needs a healthCheckId/);
    await refuses(
      failoverInputs(zoneId, "SECONDARY", { healthCheckId: "none" }),
      /NoSuchHealthCheck: there is no health check none/,
    );
  });

  it("rejects routing policies that it does not emulate, by name", async () => {
    const policies = {
      weightedRoutingPolicies: [{ weight: 1 }],
      latencyRoutingPolicies: [{ region: "eu-west-1" }],
      geolocationRoutingPolicies: [{ country: "IE" }],
      geoproximityRoutingPolicy: { bias: 1 },
      cidrRoutingPolicy: { collectionId: "c", locationName: "*" },
      multivalueAnswerRoutingPolicy: true,
    };
    for (const [key, value] of Object.entries(policies))
      await refuses(
        { ...address, setIdentifier: "x", [key]: value },
        new RegExp(`does not support ${key} of aws:route53/record`),
      );
  });

  it("rejects health checks with invalid inputs, and names the check and the input", async () => {
    const valid = { type: "HTTPS", fqdn: "www.tickets.test" };
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ type: "TCP" }, /Health check ireland: the local Route 53 supports the types HTTP, .* not TCP/],
      [{ fqdn: undefined }, /give fqdn or ipAddress/],
      [{ ipAddress: "here" }, /ipAddress here is not an IP address/],
      [{ requestInterval: 20 }, /requestInterval 20 is neither 10 nor 30/],
      [{ failureThreshold: 0 }, /failureThreshold 0 is not a whole number from 1 to 10/],
      [{ failureThreshold: 11 }, /failureThreshold 11 is not/],
      [{ port: 70000 }, /port 70000 is not a whole number from 1 to 65535/],
      [{ resourcePath: `/${"x".repeat(255)}` }, /resourcePath is longer than 255/],
      [{ type: "HTTPS_STR_MATCH" }, /needs searchString/],
      [{ type: "HTTPS_STR_MATCH", searchString: "x".repeat(256) }, /searchString is longer than 255/],
      [{ searchString: "ok" }, /searchString needs the type HTTPS_STR_MATCH/],
      [
        { type: "CALCULATED", childHealthchecks: ["none"], childHealthThreshold: 1 },
        /contains none, which is not/,
      ],
      [{ type: "CALCULATED", childHealthchecks: [] }, /needs childHealthThreshold/],
    ];
    for (const [inputs, message] of cases)
      await assert.rejects(
        createResource(route53, HEALTH_CHECK, { ...valid, ...inputs }, { name: "ireland" }),
        {
          message,
        },
      );
    assert.deepEqual(route53.healthChecks(), []);
  });

  it("rejects an alias target in an unknown region", () => {
    assert.throws(() => route53.registerAliasTarget({ ...IRELAND_ENDPOINT, region: "mars-1" }), {
      message: /There is no region "mars-1"/,
    });
  });
});
