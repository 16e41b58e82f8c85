import type { DeclaredResource, ResourceHandler } from "../resource";
import { functionArnOf } from "./function-configuration";

/** In terraform-provider-aws at 0160692. */
const SOURCE = "internal/service/lambda/function_event_invoke_config.go";

const QUALIFIER = "Omit it: functions have one version here.";
const DESTINATION = "Omit it, or deploy to AWS: asynchronous invocations have no destination here.";

/** Place for a function's configuration of asynchronous invocations. */
interface EventInvokeConfigOwner {
  eventInvokeConfig: DeclaredResource["inputs"] | undefined;
}

/**
 * Handler of `aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig`. Asynchronous invocations run immediately and are not
 * retried here, so a configuration with retries is rejected. A second configuration of a function overwrites the first, as on AWS.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 * @param find returns the function with an ARN; undefined if there is none.
 */
export function eventInvokeConfigHandler(
  find: (functionArn: string) => EventInvokeConfigOwner | undefined,
): ResourceHandler {
  const put = (
    resource: Pick<DeclaredResource, "name" | "region">,
    inputs: DeclaredResource["inputs"],
  ): void => {
    const owner = find(functionArnOf(inputs.functionName, resource.region));
    const fail = (why: string): never => {
      throw new Error(`Event invoke config ${resource.name}: ${why}.`);
    };
    if (!owner) return fail(`there is no function ${inputs.functionName} in ${resource.region}`);
    const { maximumRetryAttempts: retries, maximumEventAgeInSeconds: age = 21_600 } = inputs;
    if (retries !== 0)
      fail(`maximumRetryAttempts must be 0, because the local cloud does not retry, not ${retries}`);
    if (!(Number.isInteger(age) && age >= 60 && age <= 21_600))
      fail(`maximumEventAgeInSeconds must be a whole number from 60 to 21600, not ${age}`);
    owner.eventInvokeConfig = inputs;
  };
  const findOwner = (
    resource: Pick<DeclaredResource, "region"> & { id: string },
  ): EventInvokeConfigOwner | undefined => find(functionArnOf(resource.id, resource.region));
  return {
    updatable: ["maximumEventAgeInSeconds", "maximumRetryAttempts"],
    replacing: {
      functionName: `${SOURCE}:81`,
      region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
    },
    remedies: { qualifier: QUALIFIER, destinationConfig: DESTINATION },

    async create(resource) {
      put(resource, resource.inputs);
      return { id: resource.inputs.functionName, outputs: {} };
    },

    async read(resource) {
      const inputs = findOwner(resource)?.eventInvokeConfig;
      return inputs && { id: resource.id, inputs, outputs: {} };
    },

    async update(resource, inputs) {
      put(resource, inputs);
      return {};
    },

    async delete(resource) {
      const owner = findOwner(resource);
      if (owner) owner.eventInvokeConfig = undefined;
    },
  };
}
