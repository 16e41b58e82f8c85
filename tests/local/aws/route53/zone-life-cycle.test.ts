import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { RECORD, startRoute53, ZONE } from "./open-route53";

describe("Life cycle of a hosted zone", () => {
  let route53: LocalRoute53;

  beforeEach(async () => {
    route53 = await startRoute53();
  });
  afterEach(() => route53.close());

  const zone = (name: string, inputs: Record<string, unknown> = {}): Promise<ExistingResource> =>
    createResource(route53, ZONE, { name: "tickets.test", ...inputs }, { name });
  const record = (zoneId: string, address: string): Promise<ExistingResource> =>
    createResource(route53, RECORD, { zoneId, name: "www", type: "A", ttl: 60, records: [address] });
  const answer = (): string | undefined => route53.resolve("www.tickets.test", "A")[0]?.data;

  it("can share its name with other zones, of which the oldest answers", async () => {
    const [first, second] = [await zone("first"), await zone("second")];
    assert.notEqual(first.id, second.id);
    assert.notDeepEqual(first.outputs.nameServers, second.outputs.nameServers);
    const old = await record(first.id, "127.0.0.1");
    await record(second.id, "127.0.0.2");
    assert.equal(answer(), "127.0.0.1");
    await deleteResource(route53, old);
    assert.equal(answer(), undefined);
    await deleteResource(route53, first);
    assert.equal(answer(), "127.0.0.2");
  });

  it("answers before the zones of a stack when it is adopted", async () => {
    await record((await zone("created")).id, "127.0.0.1");
    route53.adoptZone("ZADOPTED", "tickets.test");
    route53.adoptZone("ZADOPTED", "tickets.test.");
    await record("ZADOPTED", "127.0.0.2");
    assert.equal(answer(), "127.0.0.2");
    assert.equal(route53.zones().length, 2);
    assert.throws(() => route53.adoptZone("ZADOPTED", "other.test"), /^Error: HostedZoneAlreadyExists: /);
  });

  it("keeps its id, name servers and records when its comment changes", async () => {
    const made = await zone("zone");
    await record(made.id, "127.0.0.1");
    const changed = await updateResource(route53, made, { ...made.inputs, comment: "Production" });
    assert.deepEqual(changed.outputs, made.outputs);
    assert.equal(answer(), "127.0.0.1");
    assert.deepEqual((await readResource(route53, made))?.inputs, changed.inputs);
    await assert.rejects(
      updateResource(route53, made, { ...made.inputs, tags: { "!": "" } }),
      /Tags can only/,
    );
  });

  it("is replaced when its name changes", () => {
    assert.deepEqual(Object.keys(route53.resourceHandlers[ZONE].replacing), ["name"]);
  });

  it("cannot be deleted while it has records besides its NS and SOA", async () => {
    const made = await zone("zone");
    const www = await record(made.id, "127.0.0.1");
    await assert.rejects(
      deleteResource(route53, made),
      /^Error: HostedZoneNotEmpty: The hosted zone tickets\.test .* such as www\.tickets\.test A/,
    );
    assert.equal(answer(), "127.0.0.1");
    await deleteResource(route53, www);
    await deleteResource(route53, made);
    assert.equal(await readResource(route53, made), undefined);
    await deleteResource(route53, made);
    assert.deepEqual(route53.zones(), []);
  });

  it("is deleted with its records when forceDestroy is set", async () => {
    const made = await zone("zone");
    const www = await record(made.id, "127.0.0.1");
    const forced = await updateResource(route53, made, { ...made.inputs, forceDestroy: true });
    await deleteResource(route53, forced);
    assert.equal(await readResource(route53, www), undefined);
    await deleteResource(route53, www);
    await assert.rejects(updateResource(route53, forced, forced.inputs), /NoSuchHostedZone/);
    await assert.rejects(record(made.id, "127.0.0.1"), /NoSuchHostedZone/);
  });

  it("is read by its id alone when it is adopted", async () => {
    const made = await zone("zone");
    route53.adoptZone("ZADOPTED", "example.org");
    const adopted = await readResource(route53, { ...made, id: "ZADOPTED", inputs: {}, outputs: {} });
    assert.deepEqual([adopted?.inputs, adopted?.outputs.zoneId], [{ name: "example.org" }, "ZADOPTED"]);
  });
});
