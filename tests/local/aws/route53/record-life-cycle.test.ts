import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import {
  aliasTo,
  failoverInputs,
  HEALTH_CHECK,
  IRELAND_ENDPOINT,
  openZone,
  RECORD,
  SINGAPORE_ENDPOINT,
} from "./open-route53";

describe("Life cycle of a record", () => {
  let route53: LocalRoute53;
  let zoneId: string;

  beforeEach(async () => {
    ({ route53, zoneId } = await openZone());
  });
  afterEach(() => route53.close());

  const record = (inputs: Record<string, unknown> = {}): Promise<ExistingResource> =>
    createResource(route53, RECORD, {
      zoneId,
      ...{ name: "www", type: "A", ttl: 60, records: ["127.0.0.1"] },
      ...inputs,
    });
  const update = (existing: ExistingResource, changes: Record<string, unknown>): Promise<ExistingResource> =>
    updateResource(route53, existing, { ...existing.inputs, ...changes });
  const answers = (type: string, name = "www"): (string | number)[] =>
    route53.resolve(`${name}.tickets.test`, type).flatMap(({ ttl, data }) => [ttl, data]);

  it("answers with its new values and TTL at once", async () => {
    const made = await record();
    const changed = await update(made, { ttl: 5, records: ["127.0.0.2"] });
    assert.deepEqual(answers("A"), [5, "127.0.0.2"]);
    assert.deepEqual([changed.id, changed.outputs.fqdn], [made.id, "www.tickets.test"]);
    assert.deepEqual((await readResource(route53, changed))?.inputs, changed.inputs);
  });

  it("changes into an alias, and an alias to another target", async () => {
    const made = await record();
    const alias = await update(made, {
      ttl: undefined,
      records: undefined,
      aliases: aliasTo(IRELAND_ENDPOINT),
    });
    assert.deepEqual(answers("A"), [60, "127.0.0.11"]);
    await update(alias, { aliases: aliasTo(SINGAPORE_ENDPOINT) });
    assert.deepEqual(answers("A"), [60, "127.0.0.12"]);
  });

  it("has no answers when its alias target no longer exists", async () => {
    await record({ ttl: undefined, records: undefined, aliases: aliasTo(IRELAND_ENDPOINT) });
    route53.unregisterAliasTarget(IRELAND_ENDPOINT.name);
    assert.deepEqual(answers("A"), []);
  });

  it("changes its type in place", async () => {
    const made = await record();
    const changed = await update(made, { type: "TXT", records: ["ireland"] });
    assert.deepEqual([answers("A"), answers("TXT")], [[], [60, '"ireland"']]);
    assert.deepEqual((await readResource(route53, changed))?.inputs, changed.inputs);
    assert.equal(await readResource(route53, made), undefined);
    await record({ records: ["127.0.0.3"] });
    await assert.rejects(update(changed, { type: "A", records: ["127.0.0.4"] }), /but it already exists/);
    assert.deepEqual(answers("TXT"), [60, '"ireland"']);
  });

  it("changes its set identifier in place", async () => {
    const primary = await createResource(route53, RECORD, failoverInputs(zoneId, "PRIMARY"));
    const renamed = await update(primary, { setIdentifier: "first" });
    assert.deepEqual(answers("A", "api"), [60, "127.0.0.11"]);
    await deleteResource(route53, renamed);
    assert.deepEqual(answers("A", "api"), []);
  });

  it("cannot change its type after something else changed it", async () => {
    const made = await record();
    const other = await record({ allowOverwrite: true, records: ["127.0.0.9"] });
    const change = { type: "TXT", records: ["x"] };
    await assert.rejects(update(made, change), /Tried to delete .* do not match the current values/);
    await deleteResource(route53, other);
    await assert.rejects(update(made, change), /Tried to delete .* but it was not found/);
  });

  it("swaps the targets of a failover pair, but not their roles", async () => {
    const primary = await createResource(route53, RECORD, failoverInputs(zoneId, "PRIMARY"));
    const secondary = await createResource(route53, RECORD, failoverInputs(zoneId, "SECONDARY"));
    await update(primary, { aliases: aliasTo(SINGAPORE_ENDPOINT) });
    await update(secondary, { aliases: aliasTo(IRELAND_ENDPOINT) });
    assert.deepEqual(answers("A", "api"), [60, "127.0.0.12"]);
    await assert.rejects(
      update(secondary, { failoverRoutingPolicies: [{ type: "PRIMARY" }] }),
      /InvalidChangeBatch: a PRIMARY record already exists/,
    );
  });

  it("creates the record again when an update finds that it is gone", async () => {
    const made = await record();
    await deleteResource(route53, made);
    assert.equal(await readResource(route53, made), undefined);
    await update(made, { ttl: 7 });
    assert.deepEqual(answers("A"), [7, "127.0.0.1"]);
  });

  it("is read with the values that something else gave it, and deleted with them", async () => {
    const made = await record();
    await record({ allowOverwrite: true, ttl: 9, records: ["127.0.0.9"] });
    assert.deepEqual((await readResource(route53, made))?.inputs, {
      ...{ zoneId, name: "www", type: "A", ttl: 9, records: ["127.0.0.9"] },
    });
    await deleteResource(route53, made);
    assert.deepEqual(answers("A"), []);
    await deleteResource(route53, made);
  });

  it("is read by its id alone", async () => {
    const check = await createResource(route53, HEALTH_CHECK, {
      type: "HTTP",
      fqdn: "x.test",
      disabled: true,
    });
    const inputs = failoverInputs(zoneId, "PRIMARY", { healthCheckId: check.id, name: "_api.v1" });
    const made = await createResource(route53, RECORD, inputs);
    const imported = await readResource(route53, { ...made, inputs: {}, outputs: {} });
    assert.deepEqual(imported?.inputs, { ...inputs, name: "_api.v1.tickets.test" });
    for (const id of [zoneId, `${zoneId}_www.tickets.test_A`, `ZNONE_www.tickets.test_A`])
      assert.equal(await readResource(route53, { ...made, id, inputs: {} }), undefined, id);
  });

  it("does not delete the NS of the apex", async () => {
    const values = { ttl: 60, records: ["ns1.example.org"] };
    const apex = await record({ name: "tickets.test", type: "NS", allowOverwrite: true, ...values });
    await deleteResource(route53, apex);
    assert.equal(route53.resolve("tickets.test", "NS")[0].data, "ns1.example.org");
    const delegation = await record({ name: "child", type: "NS", ...values });
    await deleteResource(route53, delegation);
    assert.equal(await readResource(route53, delegation), undefined);
  });

  it("accepts the zone id with the prefix of the API", async () => {
    await record({ zoneId: `/hostedzone/${zoneId}` });
    assert.deepEqual(answers("A"), [60, "127.0.0.1"]);
  });

  it("is replaced when its name or its zone changes", () => {
    assert.deepEqual(Object.keys(route53.resourceHandlers[RECORD].replacing), ["name", "zoneId"]);
  });
});
