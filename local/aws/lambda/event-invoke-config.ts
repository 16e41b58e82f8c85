import type { DeclaredResource, ResourceHandler } from "../resource";
import type { DeployedFunction } from "./deployed-function";
import { functionArnOf, qualified, qualifierOf } from "./function-arn";

/** In terraform-provider-aws at 0160692. */
const SOURCE = "internal/service/lambda/function_event_invoke_config.go";

const DESTINATION = "Omit it, or deploy to AWS: asynchronous invocations have no destination here.";

/**
 * Handler of `aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig`. Asynchronous invocations run immediately and are not
 * retried here, so a configuration with retries is rejected. A second configuration of a function overwrites the first, as on AWS.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 * @param find returns the function with an ARN; undefined if there is none.
 */
export function eventInvokeConfigHandler(
  find: (functionArn: string) => DeployedFunction | undefined,
): ResourceHandler {
  const put = (
    resource: Pick<DeclaredResource, "name" | "region">,
    inputs: DeclaredResource["inputs"],
  ): void => {
    const { functionName, qualifier } = inputs;
    const owner = find(functionArnOf(functionName, resource.region));
    const fail = (why: string): never => {
      throw new Error(`Event invoke config ${resource.name}: ${why}.`);
    };
    if (!owner) return fail(`there is no function ${functionName} in ${resource.region}`);
    if (!owner.revision(qualifier))
      return fail(`the function ${functionName} has no version or alias ${qualifier}`);
    const { maximumRetryAttempts: retries, maximumEventAgeInSeconds: age = 21_600 } = inputs;
    if (retries !== 0)
      fail(`maximumRetryAttempts must be 0, because the local cloud does not retry, not ${retries}`);
    if (!(Number.isInteger(age) && age >= 60 && age <= 21_600))
      fail(`maximumEventAgeInSeconds must be a whole number from 60 to 21600, not ${age}`);
    owner.eventInvokeConfigs.set(qualifier ?? "", inputs);
  };
  const configsOf = ({
    id,
    region,
  }: Pick<DeclaredResource, "region"> & { id: string }): DeployedFunction["eventInvokeConfigs"] | undefined =>
    find(functionArnOf(id, region))?.eventInvokeConfigs;
  return {
    updatable: ["maximumEventAgeInSeconds", "maximumRetryAttempts"],
    replacing: {
      functionName: `${SOURCE}:81`,
      qualifier: `${SOURCE}:98`,
      region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
    },
    remedies: { destinationConfig: DESTINATION },

    async create(resource) {
      put(resource, resource.inputs);
      const { functionName, qualifier } = resource.inputs;
      return { id: qualified(functionName, qualifier), outputs: {} };
    },

    async read(resource) {
      const inputs = configsOf(resource)?.get(qualifierOf(resource.id) ?? "");
      return inputs && { id: resource.id, inputs, outputs: {} };
    },

    async update(resource, inputs) {
      put(resource, inputs);
      return {};
    },

    async delete(resource) {
      configsOf(resource)?.delete(qualifierOf(resource.id) ?? "");
    },
  };
}
