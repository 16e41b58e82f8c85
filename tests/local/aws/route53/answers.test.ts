import assert from "node:assert/strict";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";
import { aliasTo, failoverInputs, HEALTH_CHECK, IRELAND_ENDPOINT, openZone, RECORD } from "./open-route53";

const IRELAND = "127.0.0.11";
const SINGAPORE = "127.0.0.12";

describe("Answers of Route 53", () => {
  let route53: LocalRoute53;
  let zoneId: string;

  const start = async (speed: number): Promise<void> => {
    ({ route53, zoneId } = await openZone({ speed }));
  };

  beforeEach(() => start(1));
  afterEach(() => route53.close());

  const record = (inputs: Record<string, unknown>): ReturnType<typeof createResource> =>
    createResource(route53, RECORD, { zoneId, type: "A", ...inputs });
  const data = (name: string, type = "A"): string[] =>
    route53.resolve(name, type).map((answer) => answer.data);
  /** Creates a disabled check, which is always healthy, or unhealthy if inverted. */
  const fixedCheck = async (name: string, healthy: boolean): Promise<string> => {
    const inputs = { type: "HTTPS", fqdn: "x.test", disabled: true, invertHealthcheck: !healthy };
    return (await createResource(route53, HEALTH_CHECK, inputs, { name })).id;
  };

  it("contain the region's address for an A alias, and nothing for AAAA", async () => {
    await record({ name: "ireland", aliases: aliasTo(IRELAND_ENDPOINT) });
    await record({ name: "ireland", type: "AAAA", aliases: aliasTo(IRELAND_ENDPOINT) });
    assert.deepEqual(route53.resolve("ireland.tickets.test", "A"), [
      { name: "ireland.tickets.test", type: "A", ttl: 60, data: IRELAND },
    ]);
    assert.deepEqual(data("ireland.tickets.test", "AAAA"), []);
  });

  it("contain the primary or the secondary according to their health checks", async () => {
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

  it("use the health of an alias target only when the alias evaluates it", async () => {
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

  it("contain the data and TTL of an alias target under the name of the alias", async () => {
    await record({ name: "one", ttl: 30, records: ["127.0.0.1", "127.0.0.2"] });
    await record({ name: "two", aliases: aliasTo({ name: "one.tickets.test.", zoneId }) });
    assert.deepEqual(route53.resolve("two.tickets.test", "A"), [
      { name: "two.tickets.test", type: "A", ttl: 30, data: "127.0.0.1" },
      { name: "two.tickets.test", type: "A", ttl: 30, data: "127.0.0.2" },
    ]);
  });

  it("have TTLs that are divided by the speed, at least one second, and zero unchanged", async () => {
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

  it("follow CNAMEs within the zones and to AWS endpoints", async () => {
    await record({ name: "a", type: "CNAME", ttl: 60, records: ["B.tickets.test."] });
    await record({ name: "b", type: "CNAME", ttl: 60, records: [IRELAND_ENDPOINT.name] });
    await record({ name: "out", type: "CNAME", ttl: 60, records: ["www.example.org"] });
    assert.deepEqual(data("a.tickets.test"), ["b.tickets.test", IRELAND_ENDPOINT.name, IRELAND]);
    assert.deepEqual(data("out.tickets.test"), ["www.example.org"]);
    assert.deepEqual(data("a.tickets.test", "CNAME"), ["b.tickets.test"]);
  });

  it("end a loop of CNAMEs", async () => {
    await record({ name: "a", type: "CNAME", ttl: 60, records: ["b.tickets.test"] });
    await record({ name: "b", type: "CNAME", ttl: 60, records: ["a.tickets.test"] });
    const answers = data("a.tickets.test");
    assert.deepEqual(new Set(answers), new Set(["a.tickets.test", "b.tickets.test"]));
    assert.ok(answers.length < 20);
  });

  it("come from the zone with the longest name", async () => {
    route53.adoptZone("ZPARENT", "test");
    await record({ name: "www", ttl: 60, records: ["127.0.0.1"] });
    await record({ zoneId: "ZPARENT", name: "other", ttl: 60, records: ["127.0.0.2"] });
    assert.deepEqual(data("www.tickets.test"), ["127.0.0.1"]);
    assert.deepEqual(data("other.test"), ["127.0.0.2"]);
  });

  it("contain TXT strings in quotes, split as in the value", async () => {
    await record({ name: "text", type: "TXT", ttl: 60, records: ['first""second', '"quoted"'] });
    assert.deepEqual(data("text.tickets.test", "TXT"), ['"first" "second"', '"quoted"']);
  });
});
