import { expectInputs } from "../inputs";
import type { DeclaredResource, CreatedResource } from "../resource";
import { functionArnOf } from "./function-configuration";

const ACCEPTED = ["functionName", "maximumEventAgeInSeconds", "maximumRetryAttempts", "region"];
const QUALIFIER = "Omit it: functions have one version here.";
const DESTINATION = "Omit it, or deploy to AWS: asynchronous invocations have no destination here.";

/**
 * Creates an `aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig`. Asynchronous invocations run immediately
 * and are not retried here, so a configuration with retries is rejected.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 * @param exists returns whether there is a function with an ARN.
 * @throws Error that names the resource and the input, if it is not allowed or not emulated.
 */
export function eventInvokeConfig(
  resource: DeclaredResource,
  exists: (functionArn: string) => boolean,
): CreatedResource {
  const { inputs, name, region } = resource;
  const fail = (why: string): never => {
    throw new Error(`Event invoke config ${name}: ${why}.`);
  };
  expectInputs(resource, ACCEPTED, { qualifier: QUALIFIER, destinationConfig: DESTINATION });
  if (!exists(functionArnOf(inputs.functionName, region)))
    fail(`there is no function ${inputs.functionName} in ${region}`);
  const { maximumRetryAttempts: retries, maximumEventAgeInSeconds: age = 21_600 } = inputs;
  if (retries !== 0)
    fail(`maximumRetryAttempts must be 0, because the local cloud does not retry, not ${retries}`);
  if (!(Number.isInteger(age) && age >= 60 && age <= 21_600))
    fail(`maximumEventAgeInSeconds must be a whole number from 60 to 21600, not ${age}`);
  return { id: inputs.functionName, outputs: {} };
}
