import assert from "node:assert/strict";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import {
  aliasTo,
  failoverInputs,
  HEALTH_CHECK,
  IRELAND_ENDPOINT,
  make,
  RECORD,
  SINGAPORE_ENDPOINT,
  startRoute53,
  ZONE,
} from "./support";

const IRELAND = "127.0.0.11";
const SINGAPORE = "127.0.0.12";

describe("Route 53 answers", () => {
  let route53: LocalRoute53;
  let zoneId: string;

  const start = async (speed: number): Promise<void> => {
    route53 = await startRoute53({ speed });
    zoneId = (await make(route53, ZONE, { name: "tickets.test" })).id;
    route53.registerAliasTarget(IRELAND_ENDPOINT);
    route53.registerAliasTarget(SINGAPORE_ENDPOINT);
  };

  beforeEach(() => start(1));
  afterEach(() => route53.close());

  const record = (inputs: Record<string, unknown>): ReturnType<typeof make> =>
    make(route53, RECORD, { zoneId, type: "A", ...inputs });
  const data = (name: string, type = "A"): string[] =>
    route53.resolve(name, type).map((answer) => answer.data);
  /** A disabled check stays what it is: healthy, or, inverted, unhealthy. */
  const fixedCheck = async (name: string, healthy: boolean): Promise<string> => {
    const inputs = { type: "HTTPS", fqdn: "x.test", disabled: true, invertHealthcheck: !healthy };
    return (await make(route53, HEALTH_CHECK, inputs, { name })).id;
  };

  it("answers an alias with the region's address for A and with nothing for AAAA", async () => {
    await record({ name: "ireland", aliases: aliasTo(IRELAND_ENDPOINT) });
    await record({ name: "ireland", type: "AAAA", aliases: aliasTo(IRELAND_ENDPOINT) });
    assert.deepEqual(route53.resolve("ireland.tickets.test", "A"), [
      { name: "ireland.tickets.test", type: "A", ttl: 60, data: IRELAND },
    ]);
    assert.deepEqual(data("ireland.tickets.test", "AAAA"), []);
  });

  it("answers the primary or the secondary as their health checks say", async () => {
    const cases: [boolean, boolean, string][] = [
      [true, true, IRELAND],
      [true, false, IRELAND],
      [false, true, SINGAPORE],
      [false, false, IRELAND],
    ];
    for (const [index, [primary, secondary, expected]] of cases.entries()) {
      const name = `api${index}`;
      const checks = [await fixedCheck(`p${index}`, primary), await fixedCheck(`s${index}`, secondary)];
      await record(failoverInputs(zoneId, "PRIMARY", { name, healthCheckId: checks[0] }));
      await record(failoverInputs(zoneId, "SECONDARY", { name, healthCheckId: checks[1] }));
      assert.deepEqual(data(`${name}.tickets.test`), [expected]);
    }
  });

  it("lets an alias take the health of the record that it leads to, only when it evaluates it", async () => {
    const unhealthy = await fixedCheck("down", false);
    await record({ name: "one", ttl: 60, records: ["127.0.0.1"], healthCheckId: unhealthy });
    for (const evaluates of [true, false]) {
      const name = `alias-${evaluates}`;
      const aliases = aliasTo({ name: "one.tickets.test", zoneId }, evaluates);
      await record(failoverInputs(zoneId, "PRIMARY", { name, aliases }));
      await record(failoverInputs(zoneId, "SECONDARY", { name }));
    }
    assert.deepEqual(data("alias-true.tickets.test"), [SINGAPORE]);
    assert.deepEqual(data("alias-false.tickets.test"), ["127.0.0.1"]);
  });

  it("answers an alias to a record with that record's data and TTL under its own name", async () => {
    await record({ name: "one", ttl: 30, records: ["127.0.0.1", "127.0.0.2"] });
    await record({ name: "two", aliases: aliasTo({ name: "one.tickets.test.", zoneId }) });
    assert.deepEqual(route53.resolve("two.tickets.test", "A"), [
      { name: "two.tickets.test", type: "A", ttl: 30, data: "127.0.0.1" },
      { name: "two.tickets.test", type: "A", ttl: 30, data: "127.0.0.2" },
    ]);
  });

  it("divides TTLs by the speed but gives at least a second, and leaves zero as it is", async () => {
    await route53.close();
    await start(20);
    await record({ name: "long", ttl: 300, records: ["127.0.0.1"] });
    await record({ name: "short", ttl: 5, records: ["127.0.0.1"] });
    await record({ name: "none", ttl: 0, records: ["127.0.0.1"] });
    await record({ name: "alias", aliases: aliasTo(IRELAND_ENDPOINT) });
    const ttls = ["long", "short", "none", "alias"].map(
      (name) => route53.resolve(`${name}.tickets.test`, "A")[0].ttl,
    );
    assert.deepEqual(ttls, [15, 1, 0, 3]);
  });

  it("follows CNAMEs in its zones and to the endpoints, and stops where they leave", async () => {
    await record({ name: "a", type: "CNAME", ttl: 60, records: ["B.tickets.test."] });
    await record({ name: "b", type: "CNAME", ttl: 60, records: [IRELAND_ENDPOINT.name] });
    await record({ name: "out", type: "CNAME", ttl: 60, records: ["www.example.org"] });
    assert.deepEqual(data("a.tickets.test"), ["b.tickets.test", IRELAND_ENDPOINT.name, IRELAND]);
    assert.deepEqual(data("out.tickets.test"), ["www.example.org"]);
    assert.deepEqual(data("a.tickets.test", "CNAME"), ["b.tickets.test"]);
  });

  it("ends a loop of CNAMEs", async () => {
    await record({ name: "a", type: "CNAME", ttl: 60, records: ["b.tickets.test"] });
    await record({ name: "b", type: "CNAME", ttl: 60, records: ["a.tickets.test"] });
    const answers = data("a.tickets.test");
    assert.deepEqual(new Set(answers), new Set(["a.tickets.test", "b.tickets.test"]));
    assert.ok(answers.length < 20);
  });

  it("answers from the zone with the longest name", async () => {
    route53.adoptZone("ZPARENT", "test");
    await record({ name: "www", ttl: 60, records: ["127.0.0.1"] });
    await record({ zoneId: "ZPARENT", name: "other", ttl: 60, records: ["127.0.0.2"] });
    assert.deepEqual(data("www.tickets.test"), ["127.0.0.1"]);
    assert.deepEqual(data("other.test"), ["127.0.0.2"]);
  });

  it("gives TXT strings in quotes, split where the value is", async () => {
    await record({ name: "text", type: "TXT", ttl: 60, records: ['first""second', '"quoted"'] });
    assert.deepEqual(data("text.tickets.test", "TXT"), ['"first" "second"', '"quoted"']);
  });
});
