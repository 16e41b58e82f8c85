import type { DeclaredResource } from "../resource";
import { arnOf } from "../resource";

/** Validated inputs of a function. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** AWS code of the function's region. */
  readonly region: string;
  /** ARN of the execution role. */
  readonly role: string;
  /** `file.export`, such as `__index.handler`. */
  readonly handler: string;
  /** Such as `nodejs24.x`. */
  readonly runtime: string;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** 128 to 10,240 MB. */
  readonly memorySizeMb: number;
  /** The function's own environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined if the function has no reservation; 0 throttles every invocation. */
  readonly reservedConcurrency: number | undefined;
  readonly logGroupName: string;
  /** `$LATEST`, or the number of a published version. */
  readonly version: string;
}

/**
 * Reads the inputs of an `aws:lambda/function:Function` with the limits and defaults of CreateFunction.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 * @throws Error that names the function, the input and the allowed values.
 */
export function functionConfiguration({
  inputs,
  region,
}: Pick<DeclaredResource, "region" | "inputs">): FunctionConfiguration {
  const name: string = inputs.name;
  const fail = (input: string, why: string): never => {
    throw new Error(`Function ${name}: ${input} ${why}.`);
  };
  if (!/^[\w-]{1,64}$/.test(name)) fail("name", "must have 1 to 64 characters: letters, digits and _-");
  if ((inputs.packageType ?? "Zip") !== "Zip") fail("packageType", `must be Zip, not ${inputs.packageType}`);
  if ((inputs.region ?? region) !== region) fail("region", `must be the region of its provider, ${region}`);
  if (!/^nodejs\d+\.x$/.test(inputs.runtime ?? ""))
    fail("runtime", `must be a Node.js runtime such as nodejs24.x, not ${inputs.runtime}`);
  if (!/^[^\s]+\.[^\s.]+$/.test(inputs.handler ?? ""))
    fail("handler", `must be file.export, such as __index.handler, not ${inputs.handler}`);
  if (!/^arn:aws:iam:/.test(inputs.role ?? "")) fail("role", `must be the ARN of a role, not ${inputs.role}`);
  const inRange = (input: string, from: number, to: number, otherwise: number): number => {
    const value = inputs[input] ?? otherwise;
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    return fail(input, `must be a whole number from ${from} to ${to}, not ${value}`);
  };
  const reserved = inRange("reservedConcurrentExecutions", -1, 1000, -1);
  return {
    name,
    arn: arnOf("lambda", region, `function:${name}`),
    region,
    role: inputs.role,
    handler: inputs.handler,
    runtime: inputs.runtime,
    timeoutSeconds: inRange("timeout", 1, 900, 3),
    memorySizeMb: inRange("memorySize", 128, 10_240, 128),
    variables: checkedVariables(inputs.environment?.variables ?? {}, fail),
    reservedConcurrency: reserved === -1 ? undefined : reserved,
    logGroupName: inputs.loggingConfig?.logGroup ?? `/aws/lambda/${name}`,
    version: "$LATEST",
  };
}

/** Names that CreateFunction rejects, because the runtime sets them, and AWS_ENDPOINT_URL, which the local cloud sets. */
const RESERVED = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function checkedVariables(
  variables: Record<string, unknown>,
  fail: (input: string, why: string) => never,
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]+$/.test(name)) fail("environment", `has the invalid name ${name}`);
    if (RESERVED.has(name)) fail("environment", `sets ${name}, which the runtime sets itself`);
    if (typeof value !== "string") fail("environment", `must have a string for ${name}, not ${typeof value}`);
    checked[name] = value as string;
  }
  const bytes = Buffer.byteLength(JSON.stringify(checked));
  if (bytes > 4096) fail("environment", `has ${bytes} bytes; the maximum is 4,096`);
  return checked;
}
