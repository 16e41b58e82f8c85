import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { ALIAS, OpenCloudFront } from "./open-cloudfront";

/** Time of a deployment, in milliseconds. */
const DEPLOYMENT_MS = 300;

describe("Deployment of a CloudFront distribution", () => {
  let open: OpenCloudFront;
  let inputs: Awaited<ReturnType<OpenCloudFront["distributionInputs"]>>;

  beforeEach(async () => {
    open = await OpenCloudFront.open({ deploymentSeconds: 30, secondMs: DEPLOYMENT_MS / 30 });
    inputs = await open.distributionInputs(await open.buckets());
    await open.put("ireland-page", "index.html", "page", "text/html", "no-cache");
  });
  afterEach(() => open.close());

  /** Returns how many milliseconds an operation takes. */
  async function durationOf(start: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now();
    await start();
    return performance.now() - startedAt;
  }

  const statusOf = async (distribution: ExistingResource): Promise<unknown> =>
    (await readResource(open.cloudFront, distribution))?.outputs.status;

  it("ends before its creation does, and no request is served before", async () => {
    const creation = open.distribution(inputs);
    await assert.rejects(open.ask("/"), /disconnected before secure TLS/);
    const made = await creation;
    assert.equal(made.outputs.status, "Deployed");
    await open.allow("ireland-page", String(made.outputs.arn));
    assert.equal((await open.ask("/")).status, 200);
  });

  it("takes time for an update and a deletion, too", async () => {
    const made = await open.distribution(inputs);
    await open.allow("ireland-page", String(made.outputs.arn));
    const change = updateResource(open.cloudFront, made, { ...inputs, enabled: false });
    assert.equal((await open.ask("/")).status, 200);
    assert.ok((await durationOf(() => change)) > 0);
    assert.match((await open.ask("/")).body.toString(), /distribution is disabled/);
    assert.ok((await durationOf(() => deleteResource(open.cloudFront, made))) >= DEPLOYMENT_MS - 1);
  });

  it("is not awaited without waitForDeployment", async () => {
    const made = await open.distribution({ ...inputs, waitForDeployment: false });
    assert.equal(made.outputs.status, "InProgress");
    await assert.rejects(open.ask("/", { host: ALIAS }), /disconnected before secure TLS/);
    while ((await statusOf(made)) !== "Deployed") await delay(10);
    await open.allow("ireland-page", String(made.outputs.arn));
    assert.equal((await open.ask("/")).status, 200);
  });
});
