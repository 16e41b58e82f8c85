import assert from "node:assert/strict";
import { createServer } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import type { ExistingResource } from "../../../../local/aws/resource";
import type { HealthCheckStatus } from "../../../../local/aws/route53/health-checks";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { waitFor } from "../../../support/wait-for";
import {
  failoverInputs,
  HEALTH_CHECK,
  IRELAND_ENDPOINT,
  RECORD,
  SINGAPORE_ENDPOINT,
  startRoute53,
  ZONE,
} from "./open-route53";

/** Checks run in real time, so a result that arrives within seconds is that of the probe that follows a change. */
describe("Life cycle of a health check", () => {
  const agents: (string | undefined)[] = [];
  const server = createServer(({ url, headers }, response) => {
    agents.push(headers["user-agent"]);
    response.writeHead(url === "/fails" ? 500 : 200).end("status: ok");
  });
  let port: number;
  let route53: LocalRoute53;
  let now = 1_000;

  before(async () => {
    port = await listen(server, { port: 0, purpose: "a test" });
  });
  after(() => closeServer(server));
  beforeEach(async () => {
    route53 = await startRoute53({ clock: () => now });
  });
  afterEach(() => route53.close());

  const check = (inputs: Record<string, unknown> = {}, name = "check"): Promise<ExistingResource> => {
    const endpoint = {
      type: "HTTP",
      ipAddress: "127.0.0.1",
      port,
      requestInterval: 30,
      failureThreshold: 10,
    };
    return createResource(route53, HEALTH_CHECK, { ...endpoint, ...inputs }, { name });
  };
  const calculated = (children: readonly ExistingResource[], name = "all"): Promise<ExistingResource> =>
    createResource(
      route53,
      HEALTH_CHECK,
      {
        type: "CALCULATED",
        childHealthchecks: children.map(({ id }) => id),
        childHealthThreshold: children.length,
      },
      { name },
    );
  const update = (existing: ExistingResource, changes: Record<string, unknown>): Promise<ExistingResource> =>
    updateResource(route53, existing, { ...existing.inputs, ...changes });
  const status = ({ id }: ExistingResource): HealthCheckStatus => {
    const found = route53.healthChecks().find((candidate) => candidate.id === id);
    assert.ok(found, `There is no health check ${id}.`);
    return found;
  };
  const untilHealthy = (one: ExistingResource, healthy: boolean): Promise<boolean> =>
    waitFor(() => status(one).healthy === healthy, { what: `the check to be healthy: ${healthy}` });
  const untilResult = (one: ExistingResource, text: string): Promise<boolean> =>
    waitFor(() => status(one).lastResult === text, { what: `the result ${text}` });

  it("keeps its id, verdict and time when another path is probed, until results contradict it", async () => {
    const made = await check({ resourcePath: "/works" });
    await untilResult(made, "200");
    now += 1_000;
    const other = await update(made, { resourcePath: "/fails" });
    assert.deepEqual(
      [other.outputs, status(other).lastResult, status(other).target],
      [made.outputs, "not checked yet", `http://127.0.0.1:${port}/fails`],
    );
    await untilResult(other, "500");
    assert.deepEqual([status(other).healthy, status(other).since], [true, 1_000]);
    await update(other, { failureThreshold: 1 });
    await untilHealthy(other, false);
    assert.equal(status(other).since, now);
  });

  it("counts the results before a change only if the same is probed", async () => {
    const same = await check({ resourcePath: "/fails", failureThreshold: 2 }, "same");
    const other = await check({ resourcePath: "/fails", failureThreshold: 2 }, "other");
    await Promise.all([untilResult(same, "500"), untilResult(other, "500")]);
    const moved = await update(other, { resourcePath: "/works" });
    await untilResult(moved, "200");
    const failing = await update(moved, { resourcePath: "/fails" });
    await untilResult(failing, "500");
    await update(same, { tags: { Name: "same" } });
    await untilHealthy(same, false);
    assert.equal(status(failing).healthy, true);
  });

  it("searches for another string at the next probe", async () => {
    const made = await check({ type: "HTTP_STR_MATCH", searchString: "ok", failureThreshold: 1 });
    await untilResult(made, "200, matched");
    await update(made, { searchString: "error" });
    await untilHealthy(made, false);
    assert.equal(status(made).lastResult, "200, string not found");
  });

  it("counts as healthy as soon as it is disabled, and is like new when it is enabled again", async () => {
    const made = await check({ resourcePath: "/fails", failureThreshold: 1 });
    await untilHealthy(made, false);
    const disabled = await update(made, { disabled: true });
    assert.deepEqual([status(made).healthy, status(made).lastResult], [true, "disabled"]);
    await update(disabled, { disabled: false });
    assert.deepEqual([status(made).healthy, status(made).lastResult], [true, "not checked yet"]);
    await untilHealthy(made, false);
  });

  it("changes its verdict at once when it is inverted, and reports that", async () => {
    const made = await check();
    await untilResult(made, "200");
    const changes: boolean[] = [];
    route53.on("healthChange", ({ healthy }) => changes.push(healthy));
    const inverted = await update(made, { invertHealthcheck: true });
    assert.equal(status(made).healthy, false);
    await update(inverted, { invertHealthcheck: false });
    assert.deepEqual(changes, [false, true]);
  });

  it("keeps its threshold when an update leaves it out, as the provider does", async () => {
    const made = await check({ resourcePath: "/works", failureThreshold: 1 });
    await untilResult(made, "200");
    await update(made, { resourcePath: "/fails", failureThreshold: undefined });
    await untilHealthy(made, false);
  });

  it("takes over other children and another threshold, also of checks that are newer", async () => {
    const works = await check({}, "works");
    const all = await calculated([works]);
    const fails = await check({ resourcePath: "/fails", failureThreshold: 1 }, "fails");
    await untilHealthy(fails, false);
    const both = await update(all, { childHealthchecks: [works.id, fails.id], childHealthThreshold: 2 });
    assert.deepEqual([status(all).healthy, status(all).target], [false, "2 of works, fails"]);
    await update(both, { childHealthThreshold: 1 });
    assert.equal(status(all).healthy, true);
  });

  it("cannot monitor itself", async () => {
    const inner = await calculated([await check()], "inner");
    const outer = await calculated([inner], "outer");
    await assert.rejects(
      update(inner, { childHealthchecks: [outer.id] }),
      /^Error: Health check inner: InvalidInput: it cannot monitor itself/,
    );
    assert.equal(status(inner).target, "1 of check");
  });

  it("counts as healthy for the records and checks that still use it after its deletion", async () => {
    const zoneId = (await createResource(route53, ZONE, { name: "tickets.test" })).id;
    [IRELAND_ENDPOINT, SINGAPORE_ENDPOINT].forEach((endpoint) => route53.registerAliasTarget(endpoint));
    const made = await check({ resourcePath: "/fails", failureThreshold: 1 });
    const all = await calculated([made]);
    for (const [role, more] of [["PRIMARY", { healthCheckId: made.id }] as const, ["SECONDARY"] as const])
      await createResource(route53, RECORD, failoverInputs(zoneId, role, more));
    const answer = (): string => route53.resolve("api.tickets.test", "A")[0].data;
    await untilHealthy(made, false);
    assert.deepEqual([answer(), status(all).healthy], ["127.0.0.12", false]);
    await deleteResource(route53, made);
    assert.deepEqual([answer(), status(all).healthy], ["127.0.0.11", true]);
    assert.equal(status(all).target, "1 of a deleted check");
    assert.equal(await readResource(route53, made), undefined);
    await deleteResource(route53, made);
    await assert.rejects(update(made, {}), /NoSuchHealthCheck/);
    const again = failoverInputs(zoneId, "PRIMARY", { name: "again", healthCheckId: made.id });
    await assert.rejects(createResource(route53, RECORD, again), /NoSuchHealthCheck/);
  });

  it("sends no requests after its deletion", async () => {
    await route53.close();
    route53 = await startRoute53({ speed: 1_500 });
    const requests = ({ id }: ExistingResource): number =>
      agents.filter((agent) => agent?.includes(id)).length;
    const [gone, other] = [await check({}, "gone"), await check({}, "other")];
    await untilResult(gone, "200");
    await deleteResource(route53, gone);
    const [before, begin] = [requests(gone), requests(other)];
    // Both have the same interval; a check that still ran would send about as many requests.
    await waitFor(() => requests(other) >= begin + 5, { what: "five requests of the other check" });
    const late = requests(gone) - before;
    assert.ok(late <= 1, `${late} requests arrived, more than the one that could be in flight`);
  });

  it("is read as it was last declared", async () => {
    const made = await check({ disabled: true });
    const changed = await update(made, { port: 81 });
    const { id, inputs, outputs } = changed;
    assert.deepEqual(await readResource(route53, made), { id, inputs, outputs });
    await assert.rejects(update(changed, { port: 0 }), /port 0 is not a whole number/);
    assert.deepEqual((await readResource(route53, made))?.inputs, inputs);
  });

  it("is replaced when its type or interval changes", () => {
    assert.deepEqual(Object.keys(route53.resourceHandlers[HEALTH_CHECK].replacing), [
      ...["measureLatency", "referenceName", "requestInterval", "type"],
    ]);
  });
});
