import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import type { DeclaredResource, ResourceHandler } from "../../../local/aws/resource";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import type { RecordedRelease, StateResource } from "./recorded-state";
import { restore } from "./restore";

const { specialSigKey, specialAssetSig } = runtime;
const PREFIX = "urn:pulumi:ireland::tickets::";
const API = "aws:apigatewayv2/api:Api";
const FUNCTION = "aws:lambda/function:Function";
const PROVIDER = { provider: `${PREFIX}pulumi:providers:aws::ireland::provider-id` };

describe("the restoration of a recorded state", () => {
  const code = { [specialSigKey]: specialAssetSig, hash: "hash", content: "text" };
  const resources: StateResource[] = [
    {
      ...{ urn: `${PREFIX}pulumi:pulumi:Stack::tickets-ireland`, type: "pulumi:pulumi:Stack", custom: false },
      outputs: { api: "http://127.0.0.1:1111" },
    },
    {
      ...{ urn: PROVIDER.provider.slice(0, -"::provider-id".length), type: "pulumi:providers:aws" },
      ...{ id: "provider-id", custom: true, inputs: { region: "eu-west-1" } },
    },
    {
      ...{ urn: `${PREFIX}parent$${API}::api`, type: API, id: "oldapi1234", custom: true, ...PROVIDER },
      inputs: { name: "api-0123456", __defaults: ["name"] },
      outputs: { name: "api-0123456", apiEndpoint: "http://127.0.0.1:1111" },
    },
    {
      ...{ urn: `${PREFIX}${FUNCTION}::handler`, type: FUNCTION, id: "handler", custom: true, ...PROVIDER },
      inputs: { code, policy: '{"Resource":"arn:aws:execute-api:eu-west-1:0:oldapi1234/*"}' },
      outputs: { code },
    },
  ];
  const release: RecordedRelease = {
    ...{ version: "1.0.0", commit: "", stacks: [] },
    contents: new Map([["hash", { text: "run();" }]]),
  };
  const created: DeclaredResource[] = [];
  let imported: readonly StateResource[] = [];
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "restore-"));
    const handlers = {
      [API]: creating(created, { id: "newapi5678", outputs: { apiEndpoint: "http://127.0.0.1:2222" } }),
      [FUNCTION]: creating(created, { id: "handler", outputs: {} }),
    };
    const cloud = { host: { services: { resourceHandlers: handlers } } } as unknown as EngineCloud;
    const importResources = async (all: readonly StateResource[]): Promise<void> => void (imported = all);
    const stack = { importResources } as unknown as StackUnderTest;
    await restore({ cloud, stack, directory: folder }, release, { stack: "ireland", config: {}, resources });
  });
  after(() => rmSync(folder, { recursive: true }));

  it("creates the resources with the recorded names, in the regions of their providers", () => {
    const [api, handler] = created;
    assert.deepEqual([api.name, api.region, api.inputs], ["api", "eu-west-1", { name: "api-0123456" }]);
    assert.equal(handler.inputs.policy, '{"Resource":"arn:aws:execute-api:eu-west-1:0:newapi5678/*"}');
  });

  it("imports the state with the ids and addresses of the created resources", () => {
    const [stack, provider, api, handler] = imported;
    assert.deepEqual(stack, { ...resources[0], outputs: { api: "http://127.0.0.1:2222" } });
    assert.deepEqual(provider, resources[1]);
    assert.equal(api.id, "newapi5678");
    assert.deepEqual(api.outputs, { name: "api-0123456", apiEndpoint: "http://127.0.0.1:2222" });
    assert.deepEqual(api.inputs, resources[2].inputs);
    const restored = { [specialSigKey]: specialAssetSig, hash: "hash", text: "run();" };
    assert.deepEqual(handler.inputs?.code, restored);
    assert.deepEqual(handler.outputs?.code, restored);
  });
});

/** Handler that keeps what it creates in a list. */
function creating(
  created: DeclaredResource[],
  result: Awaited<ReturnType<ResourceHandler["create"]>>,
): Pick<ResourceHandler, "create"> {
  return {
    create: async (resource) => {
      created.push(resource);
      return result;
    },
  };
}
