import { delimiter, dirname } from "node:path";
import type { Credentials } from "../iam/iam";
import type { FunctionConfiguration } from "./function-configuration";
import type { FunctionDebugger } from "./function-debugger";
import type { RuntimeDirectory } from "./runtime-directory";
import type { ArchiveSourceMaps } from "./source-map";
import type { StartGate } from "./start-gate";

/** Location of a function's code, and of the services that it uses. */
export interface FunctionHost {
  /** Directory of the unpacked archive; `/var/task` on AWS. */
  readonly taskRoot: string;
  readonly runtime: RuntimeDirectory;
  readonly credentials: Credentials;
  /** AWS endpoint of every SDK client of the function. */
  readonly endpointUrl: string;
  /** Returns address and port of the function's DNS server; the system's DNS server if undefined. */
  readonly dnsServer?: () => string;
  /** Minimum time in which a process starts, in milliseconds; 0 by default. */
  readonly coldStartMs?: number;
  /** Limits the number of processes that start at the same time. */
  readonly startGate: StartGate;
  readonly sourceMaps: ArchiveSourceMaps;
  /** Returns the function's debugger, if it is open. */
  readonly debugger: () => FunctionDebugger | undefined;
}

/**
 * Environment variables of a child process: Lambda's, the function's own, and AWS_ENDPOINT_URL. It inherits none from this process.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * @param runtimeApi host and port of the child's Runtime API.
 */
export function childEnvironment(
  configuration: FunctionConfiguration,
  host: FunctionHost,
  runtimeApi: string,
  logStreamName: string,
): Record<string, string> {
  const { credentials, runtime } = host;
  return {
    LANG: "en_US.UTF-8",
    NODE_PATH: runtime.modules,
    PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    TZ: ":UTC",
    ...configuration.variables,
    _HANDLER: configuration.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_DEFAULT_REGION: configuration.region,
    AWS_ENDPOINT_URL: host.endpointUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySizeMb),
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: configuration.region,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_RUNTIME_DIR: runtime.path,
    LAMBDA_TASK_ROOT: host.taskRoot,
  };
}
