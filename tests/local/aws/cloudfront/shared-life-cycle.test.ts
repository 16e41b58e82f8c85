import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { OpenCloudFront } from "./open-cloudfront";

const HEADERS_POLICY = "responseHeadersPolicy:ResponseHeadersPolicy";
const FRAME = { securityHeadersConfig: { frameOptions: { frameOption: "DENY", override: true } } };

describe("Life cycle of CloudFront policies and origin access controls", () => {
  let open: OpenCloudFront;

  beforeEach(async () => {
    open = await OpenCloudFront.open();
  });
  afterEach(() => open.close());

  const makers: Record<string, () => Promise<ExistingResource>> = {
    CachePolicy: () => open.cachePolicy(),
    OriginAccessControl: () => open.originAccessControl(),
    ResponseHeadersPolicy: () => open.make(HEADERS_POLICY, FRAME),
  };

  for (const [kind, make] of Object.entries(makers)) {
    it(`gives each ${kind} a generated name and an id of its own`, async () => {
      const [one, other] = [await make(), await make()];
      assert.notEqual(one.id, other.id);
      assert.match(one.inputs.name, /^it-1-0123456$/);
      assert.equal(one.outputs.name, one.inputs.name);
    });

    it(`rejects a second ${kind} of a name, also by an update`, async () => {
      const [one, other] = [await make(), await make()];
      const renamed = { ...other.inputs, name: one.inputs.name };
      const message = new RegExp(`^Error: ${kind}AlreadyExists: the name ${one.inputs.name} is taken`);
      await assert.rejects(updateResource(open.cloudFront, other, renamed), message);
      await assert.rejects(open.make(other.type.slice("aws:cloudfront/".length), renamed), message);
      const free = await updateResource(open.cloudFront, other, { ...other.inputs, name: "free" });
      assert.deepEqual([free.id, free.outputs.name, free.outputs.etag], [other.id, "free", "E2"]);
    });

    it(`reads each ${kind} as it was last declared, and as gone after its deletion`, async () => {
      const one = await make();
      const { id, inputs, outputs } = one;
      assert.deepEqual(await readResource(open.cloudFront, one), { id, inputs, outputs });
      await deleteResource(open.cloudFront, one);
      assert.equal(await readResource(open.cloudFront, one), undefined);
      await deleteResource(open.cloudFront, one);
      await assert.rejects(updateResource(open.cloudFront, one, inputs), new RegExp(`NoSuch${kind}`));
    });

    it(`never replaces a ${kind}`, async () => {
      assert.deepEqual(open.cloudFront.resourceHandlers[(await make()).type].replacing, {});
    });
  }

  it("deletes what a distribution refers to only after the distribution", async () => {
    const inputs = await open.distributionInputs(await open.buckets());
    const headers = await open.make(HEADERS_POLICY, FRAME);
    inputs.defaultCacheBehavior.responseHeadersPolicyId = headers.id;
    const distribution = await open.distribution(inputs);
    const [origin] = inputs.origins as Record<string, string>[];
    const used: [type: string, id: string][] = [
      ["cachePolicy:CachePolicy", String(inputs.defaultCacheBehavior.cachePolicyId)],
      ["originAccessControl:OriginAccessControl", origin.originAccessControlId],
      [HEADERS_POLICY, headers.id],
    ];
    const existing = used.map(([type, id]) => ({ ...headers, type: `aws:cloudfront/${type}`, id }));
    for (const resource of existing)
      await assert.rejects(
        deleteResource(open.cloudFront, resource),
        new RegExp(`${resource.type.split(":")[2]}InUse: .* in use by the distribution ${distribution.id}`),
      );
    await deleteResource(open.cloudFront, distribution);
    for (const resource of existing) {
      await deleteResource(open.cloudFront, resource);
      assert.equal(await readResource(open.cloudFront, resource), undefined);
    }
  });

  it("applies a change to the next request of the distributions that refer to it", async () => {
    const inputs = await open.distributionInputs(await open.buckets());
    const headers = await open.make(HEADERS_POLICY, FRAME);
    inputs.defaultCacheBehavior.responseHeadersPolicyId = headers.id;
    const distribution = await open.distribution(inputs);
    await open.put("ireland-page", "index.html", "x".repeat(2_000), "text/html", "no-cache");
    await open.allow("ireland-page", String(distribution.outputs.arn));
    const ask = async (): Promise<unknown[]> => {
      const response = await open.ask("/", { headers: { "accept-encoding": "br" } });
      return [response.headers["x-frame-options"], response.headers["content-encoding"]];
    };
    assert.deepEqual(await ask(), ["DENY", "br"]);

    const frameOptions = { frameOption: "SAMEORIGIN", override: true };
    await updateResource(open.cloudFront, headers, {
      ...headers.inputs,
      securityHeadersConfig: { frameOptions },
    });
    const cachePolicy = (await open.cachePolicy()) as ExistingResource;
    const id = String(inputs.defaultCacheBehavior.cachePolicyId);
    const parameters = cachePolicy.inputs.parametersInCacheKeyAndForwardedToOrigin;
    await updateResource(
      open.cloudFront,
      { ...cachePolicy, id },
      {
        ...cachePolicy.inputs,
        name: "without-brotli",
        parametersInCacheKeyAndForwardedToOrigin: { ...parameters, enableAcceptEncodingBrotli: false },
      },
    );
    assert.deepEqual(await ask(), ["SAMEORIGIN", undefined]);
  });

  it("keeps a policy unchanged when its update is rejected", async () => {
    const policy = await open.cachePolicy();
    await assert.rejects(
      updateResource(open.cloudFront, policy, { ...policy.inputs, minTtl: 90 }),
      /defaultTtl: 60 is not between minTtl and maxTtl/,
    );
    assert.deepEqual((await readResource(open.cloudFront, policy))?.inputs, policy.inputs);
  });

  it("rejects the name of an origin access control that is longer than 64 characters", async () => {
    await assert.rejects(open.originAccessControl({ name: "x".repeat(65) }), /is longer than 64 characters/);
  });
});
