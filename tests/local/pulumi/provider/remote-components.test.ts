import assert from "node:assert/strict";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { RemoteComponent } from "../../../../local/aws/resource";
import { plain, struct, unary } from "../../../../local/pulumi/provider/messages";
import { ProviderServer } from "../../../../local/pulumi/provider/provider-server";
import type { WireProperties } from "../../../../local/pulumi/provider/wire";
import { ProviderClient } from "./provider-client";

const { specialResourceSig, specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;
const TRAIL = "awsx:test:Trail";

describe("construct", () => {
  let monitor: FakeMonitor;
  let server: ProviderServer;
  let client: ProviderClient;
  let isBucketReturned: boolean;

  beforeEach(async () => {
    isBucketReturned = false;
    monitor = await FakeMonitor.start();
    const options = { resourceHandlers: {}, directory: __dirname };
    server = await ProviderServer.start({ ...options, remoteComponents: { [TRAIL]: trail } });
    client = new ProviderClient(server.debugProviders, "awsx");
    await client.configure({});
  });
  afterEach(async () => {
    client.close();
    await server.close();
    monitor.close();
  });

  /** A bucket, and a policy that names it. */
  const trail: RemoteComponent = async ({ name, inputs }, register) => {
    const bucket = await register("aws:s3/bucket:Bucket", name, { tags: inputs.tags });
    const policy = JSON.stringify({ Resource: `${bucket.outputs.arn}/*` });
    await register("aws:s3/bucketPolicy:BucketPolicy", name, { bucket: bucket.id, policy });
    return { bucket: isBucketReturned ? bucket : bucket.outputs.arn };
  };

  function request({
    inputs = {},
    dryRun = false,
  }: { inputs?: WireProperties; dryRun?: boolean } = {}): ConstructRequest {
    const built = new ConstructRequest()
      .setType(TRAIL)
      .setName("audit")
      .setParent("urn of the parent")
      .setInputs(struct(inputs))
      .setDryrun(dryRun)
      .setProtect(true)
      .setDependenciesList(["urn of a dependency"])
      .setMonitorendpoint(monitor.address);
    built.getProvidersMap().set("aws", "urn of the provider::id");
    const ofTags = new ConstructRequest.PropertyDependencies().setUrnsList(["urn of the tags"]);
    built.getInputdependenciesMap().set("tags", ofTags);
    return built;
  }

  it("registers the component under its parent and the children under the component", async () => {
    await client.construct(request());
    assert.deepEqual(
      monitor.registered.map(({ type, parent, custom, provider }) => [type, parent, custom, provider]),
      [
        [TRAIL, "urn of the parent", false, ""],
        ["aws:s3/bucket:Bucket", `urn of ${TRAIL} audit`, true, "urn of the provider::id"],
        ["aws:s3/bucketPolicy:BucketPolicy", `urn of ${TRAIL} audit`, true, "urn of the provider::id"],
      ],
    );
  });

  it("passes inputs and outputs between the children and returns the component's outputs", async () => {
    const response = await client.construct(request({ inputs: { tags: { a: "b" } } }));
    const [, bucket, policy] = monitor.registered;
    assert.deepEqual(bucket.properties, { tags: { a: "b" } });
    assert.deepEqual(policy.properties, {
      bucket: "id of audit",
      policy: '{"Resource":"arn of audit/*"}',
    });
    assert.equal(response.getUrn(), `urn of ${TRAIL} audit`);
    assert.deepEqual(plain(response.getState()), { bucket: "arn of audit" });
    assert.deepEqual(monitor.outputs, { [`urn of ${TRAIL} audit`]: { bucket: "arn of audit" } });
  });

  it("returns a reference for a child among the outputs, without an id in a preview", async () => {
    const reference = (id: string): object => ({
      bucket: { [specialSigKey]: specialResourceSig, urn: "urn of aws:s3/bucket:Bucket audit", id },
    });
    isBucketReturned = true;
    assert.deepEqual(plain((await client.construct(request())).getState()), reference("id of audit"));
    monitor.isPreview = true;
    assert.deepEqual(plain((await client.construct(request({ dryRun: true }))).getState()), reference(""));
  });

  it("protects every resource and makes a child depend on the inputs and on earlier children", async () => {
    await client.construct(request());
    assert.ok(monitor.registered.every(({ protect }) => protect));
    assert.deepEqual(monitor.registered[2].dependencies, [
      "urn of a dependency",
      "urn of the tags",
      "urn of aws:s3/bucket:Bucket audit",
    ]);
  });

  it("takes what is computed from an unknown output as unknown in a preview", async () => {
    monitor.isPreview = true;
    const response = await client.construct(request({ dryRun: true }));
    assert.deepEqual(monitor.registered[2].properties, { bucket: unknownValue, policy: unknownValue });
    assert.deepEqual(plain(response.getState()), { bucket: unknownValue });
  });

  it("keeps the inputs of the children secret if an input of the component is", async () => {
    const tags = { [specialSigKey]: specialSecretSig, value: { a: "hidden" } };
    await client.construct(request({ inputs: { tags } }));
    assert.deepEqual(monitor.registered[1].properties, { tags });
  });

  it("fails with the error of a child", async () => {
    monitor.failure = "the bucket exists";
    await assert.rejects(client.construct(request()), /the bucket exists/);
  });

  it("rejects a component that is not emulated", async () => {
    await assert.rejects(
      client.construct(request().setType("awsx:ec2:Vpc")),
      /does not emulate the component awsx:ec2:Vpc; see docs\/local-cloud\.md/,
    );
  });
});

interface Registered {
  readonly type: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly provider: string;
  readonly protect: boolean;
  readonly dependencies: readonly string[];
  readonly properties: WireProperties;
}

/** Stands in for the engine: creates each resource with an id and an ARN, which a preview does not know. */
class FakeMonitor {
  readonly registered: Registered[] = [];
  /** Outputs of components by URN. */
  readonly outputs: Record<string, WireProperties> = {};
  /** Error of the registration of the next child. */
  failure?: string;
  isPreview = false;
  address = "";
  private readonly server = new Server();

  static async start(): Promise<FakeMonitor> {
    const monitor = new FakeMonitor();
    monitor.server.addService(ResourceMonitorService, {
      registerResource: unary((request: proto.RegisterResourceRequest) => monitor.register(request)),
      registerResourceOutputs: unary(async (request: proto.RegisterResourceOutputsRequest) => {
        monitor.outputs[request.getUrn()] = plain(request.getOutputs());
        return new Empty();
      }),
    });
    const port = await new Promise<number>((resolve, reject) =>
      monitor.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    monitor.address = `127.0.0.1:${port}`;
    return monitor;
  }

  close(): void {
    this.server.forceShutdown();
  }

  private async register(request: proto.RegisterResourceRequest): Promise<proto.RegisterResourceResponse> {
    const [type, name] = [request.getType(), request.getName()];
    const properties = plain(request.getObject());
    this.registered.push({
      type,
      parent: request.getParent(),
      custom: request.getCustom(),
      provider: request.getProvider(),
      protect: request.getProtect() === true,
      dependencies: request.getDependenciesList(),
      properties,
    });
    const response = new proto.RegisterResourceResponse().setUrn(`urn of ${type} ${name}`);
    if (!request.getCustom()) return response;
    if (this.failure) throw new Error(this.failure);
    if (this.isPreview) return response.setObject(struct(properties));
    return response.setId(`id of ${name}`).setObject(struct({ ...properties, arn: `arn of ${name}` }));
  }
}
