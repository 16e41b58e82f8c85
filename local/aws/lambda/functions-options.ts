import type { LocalIam } from "../iam/iam";
import type { Log } from "../log";
import type { Regions } from "../regions";
import type { PoolLimits } from "./function-pool";
import type { FunctionError } from "./runtime-api";
import type { SourceMapOf } from "./source-map";

/** Dependencies and settings of the functions. */
export interface FunctionsOptions {
  readonly regions: Regions;
  readonly iam: Pick<LocalIam, "issueCredentials">;
  /** AWS endpoint of every function. */
  readonly endpointUrl: string;
  /** Returns address and port of the functions' DNS server, when a child starts; the system's DNS server if undefined. */
  readonly dnsServer?: () => string;
  /** Minimum time of a cold start, in milliseconds; 0 by default. */
  readonly coldStartMs?: number;
  /** Directory for unpacked archives: existing, empty and outside the project. The caller removes it after close(). */
  readonly directory: string;
  readonly log: Log;
  /** Directory of the program, the base of relative paths in archives. */
  readonly projectDirectory: string;
  /** Absolute path of a `node_modules` with the AWS SDK of the runtime; that of the program's directory by default. */
  readonly runtimePackages?: string;
  /** Returns the source map of an archive's file, which contains none itself; without it, stack traces name the archive's lines. */
  readonly sourceMapOf?: SourceMapOf;
  /**
   * Called when a process of the version that the callers use has started, with the error if the function cannot be loaded, and without one
   * when the callers get other code or configuration, or the function is deleted.
   */
  readonly onStart?: (started: FunctionName, error: FunctionError | undefined) => void;
  /**
   * Returns whether a new or changed function that cannot be loaded is refused. AWS accepts it, and every invocation fails.
   * False by default.
   */
  readonly mustStart?: () => boolean;
  /** Limits per version of a function; 10 children and 60 s by default. */
  readonly limits?: PoolLimits;
  /** Quota of concurrent executions of each region, over all functions; 1,000 by default, as in an account of AWS. */
  readonly concurrency?: number;
  /**
   * Waits between the two steps of an update that changes configuration and code; two seconds by default. On AWS, the provider waits until
   * the configuration is live: seconds, for others up to a minute. The signal aborts when the service is closed.
   */
  readonly updateStep?: (signal: AbortSignal) => Promise<unknown>;
}

/** Name of a deployed function. */
export interface FunctionName {
  readonly arn: string;
  readonly name: string;
  /** AWS code. */
  readonly region: string;
}
