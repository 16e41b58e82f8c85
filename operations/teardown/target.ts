import { CommandError, reasonOf } from "../../command-line/command-error";
import { isSameStack } from "../../command-line/stack-name";
import { localClientConfig } from "../../local/aws/local-client";
import { localStackVariables } from "../../shared/local-stack-variables";
import { LONG_LIMITS } from "../cli/aws-clients";
import { credentialsFor } from "../cli/aws-credentials";
import type { ServiceEndpoints } from "../cli/deployed-regions";
import type { DeploymentChoice } from "../cli/deployment";
import { askConsole, localCloudRegions } from "../cli/local-cloud";
import { PROJECT_PLACE, type PulumiPlace } from "../cli/pulumi-command-line";
import type { StoredData } from "./stored-data";

/** Stack that a teardown deletes, and how to reach it. */
export interface TeardownTarget {
  /** Name as given by the operator. */
  readonly stack: string;
  readonly place: PulumiPlace;
  /** Whether the resources are on a local cloud. */
  readonly isLocal: boolean;
  /** Returns the settings of a client for the service of a table or bucket. */
  clientConfig(data: StoredData, service: keyof ServiceEndpoints): object;
  /** Returns the URL of the service of a table or bucket on a local cloud or an emulator; undefined on AWS, or if it is not known. */
  endpointOf(data: StoredData, service: keyof ServiceEndpoints): string | undefined;
  /** Tells a local cloud that the stack has changed. */
  announce(): Promise<void>;
}

/** Timeout of an announcement: the local cloud runs the Pulumi CLI to read the outputs, on a machine that can be busy. */
const ANNOUNCEMENT_MS = 60_000;

/**
 * Finds the stack, on AWS or on a local cloud that the Pulumi engine deployed.
 * @throws CommandError if no stack was given, or the local cloud runs another one or has no engine.
 */
export async function findTarget({ stack, local }: DeploymentChoice): Promise<TeardownTarget> {
  if (local !== undefined) return localTarget(local, stack);
  if (stack === undefined)
    throw new CommandError("No stack was given. Use --stack NAME, for example --stack ireland, or --local.");
  return {
    stack,
    place: PROJECT_PLACE,
    isLocal: false,
    clientConfig: (data) => ({ ...deployedClientConfig(data), ...LONG_LIMITS }),
    endpointOf: ({ endpoint }) => endpoint,
    announce: () => Promise.resolve(),
  };
}

function deployedClientConfig({ region, endpoint }: StoredData): object {
  // The credentials that the program uses with awsEndpoint.
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  if (region === undefined) return endpoint === undefined ? {} : { endpoint, credentials };
  return endpoint === undefined
    ? { region, credentials: credentialsFor({ code: region }, LONG_LIMITS.requestHandler) }
    : localClientConfig({ region, endpoint, credentials });
}

/** Used fields of the console route `/engine`. */
interface EngineAccount {
  readonly stack: string;
  readonly debugProviders: string;
  readonly workDirectory: string;
  readonly backend: string;
  readonly home: string;
}

async function localTarget(consoleUrl: string, given: string | undefined): Promise<TeardownTarget> {
  const { regions } = await localCloudRegions(consoleUrl, given);
  const endpoints = new Map(
    Object.values(regions as Record<string, { code: string; endpoints: ServiceEndpoints }>).map((region) => [
      region.code,
      region.endpoints,
    ]),
  );
  const endpointOf: TeardownTarget["endpointOf"] = ({ region = "" }, service) =>
    endpoints.get(region)?.[service];
  const { stack, workDirectory, backend, home, debugProviders } = await engineAccount(consoleUrl);
  if (given !== undefined && !isSameStack(given, stack))
    throw new CommandError(`The local cloud at ${consoleUrl} runs the stack ${stack}, not ${given}.`);
  return {
    stack,
    isLocal: true,
    place: {
      directory: workDirectory,
      variables: { ...localStackVariables(backend, debugProviders), PULUMI_HOME: home },
    },
    clientConfig(data, service) {
      const { region, name } = data;
      if (region === undefined)
        throw new CommandError(`The state names no region of ${name}, so its ${service} is not known.`);
      const endpoint = endpointOf(data, service);
      if (endpoint !== undefined) return localClientConfig({ region, endpoint });
      throw new CommandError(`${name} is in ${region}, where the local cloud has no ${service}.`);
    },
    endpointOf,
    async announce() {
      const headers = { "content-type": "application/json" };
      await askConsole(consoleUrl, "/engine", { method: "POST", headers, body: "{}" }, ANNOUNCEMENT_MS);
    },
  };
}

async function engineAccount(consoleUrl: string): Promise<EngineAccount> {
  try {
    return (await (await askConsole(consoleUrl, "/engine")).json()) as EngineAccount;
  } catch (error) {
    throw new CommandError(
      `The local cloud at ${consoleUrl} was not deployed by the Pulumi engine (${reasonOf(error)}), so Ctrl-C in its terminal removes everything. ` +
        "npm run local:pulumi -- up starts one with the engine.",
      { cause: error },
    );
  }
}
