import { parseStackName } from "../command-line/stack-name";
import { CommandError } from "../command-line/command-error";
import { localCloudRegions } from "./local-cloud";
import { savedOutputs, stackRegions } from "./pulumi-stack";

/** Where a region's services are on the local cloud. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
}

/** A region's part of the system, as the operator's commands find it. */
export interface DeployedRegion {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
  /** URL of its API by the address that needs no name of the domain; no slash at the end. */
  readonly api: string;
  readonly table: string;
  readonly conflictTable: string;
  /** URL. */
  readonly quarantineQueue: string;
  readonly failureBucket: string;
  /** Absent on AWS. */
  readonly endpoints?: ServiceEndpoints;
}

/** The system that a command works on. */
export interface Deployment {
  /** The stack's own name, whichever form of it was given. */
  readonly stack: string;
  /** The name as it was given, for the commands that a message names; absent where it is `stack`. */
  readonly givenStack?: string;
  readonly regions: readonly [DeployedRegion, DeployedRegion];
  readonly naming: Naming;
}

/** What is known of the system's names and roles beside what DNS says. */
export interface Naming {
  /** Nickname of the region that the last update made the primary. */
  readonly primary?: string;
  /** Absent without a domain, and so without failover by DNS. */
  readonly domain?: string;
  /** Whether a failover lasts until somebody fails back; undefined where the stack does not tell. */
  readonly failback?: "gated" | "automatic";
  /** Ids of Route 53's checks of the regions' endpoints, by nickname; absent on the local cloud, and where the stack does not tell. */
  readonly healthChecks?: Readonly<Record<string, string>>;
  /** Host and port of the DNS server that knows the domain; the machine's own resolvers without it. */
  readonly dnsServer?: string;
  /** The local cloud; absent on AWS. */
  readonly local?: LocalNaming;
}

/** How the names of the domain are reached on the local cloud. */
interface LocalNaming {
  /** URL of its console. */
  readonly console: string;
  /** By how much it divides its times. */
  readonly speed: number;
  /** The HTTPS URL of each name, which has a port. */
  readonly urls: Readonly<Record<string, string>>;
  /** The certificate authority that signs for the names, PEM; absent without a domain. */
  readonly ca?: string;
}

/** What says which system is meant. */
export interface DeploymentChoice {
  /** In any form that the Pulumi CLI takes; optional on the local cloud, which has one. */
  readonly stack?: string;
  /** URL of the local cloud's console; undefined for AWS. */
  readonly local?: string;
  /** A file with the stack's outputs, which saves asking Pulumi's backend. */
  readonly outputs?: string;
}

/** A stack's name and the regions it told, unchecked. */
export interface FoundRegions {
  readonly stack: string;
  readonly givenStack?: string;
  readonly regions: unknown;
  readonly naming: Naming;
  /** What to do when something is missing. */
  readonly mend: string;
}

const NEEDED = ["code", "api", "table", "conflictTable", "quarantineQueue", "failureBucket"] as const;

/**
 * Finds the two regions: on AWS from the stack's outputs, on this machine from the local cloud's console.
 * @throws CommandError when the stack name is malformed, there is no such stack, nothing to ask, or a region's parts are missing.
 */
export async function findDeployment({ stack, local, outputs }: DeploymentChoice): Promise<Deployment> {
  if (stack !== undefined) parseStackName(stack);
  if (local !== undefined) return checked(await localCloudRegions(local, stack));
  if (stack === undefined)
    throw new CommandError("No stack was given. Use --stack NAME, for example --stack ireland, or --local.");
  if (outputs !== undefined) return checked(await savedOutputs(outputs, stack));
  return checked(await stackRegions(stack));
}

function checked({ stack, givenStack, regions, naming, mend }: FoundRegions): Deployment {
  const entries = Object.entries((regions ?? {}) as Record<string, Partial<DeployedRegion>>);
  if (entries.length !== 2)
    throw new CommandError(`The stack ${stack} does not report its two regions; ${mend}.`);
  const [first, second] = entries.map(([name, region]) => {
    const missing = NEEDED.filter((key) => typeof region?.[key] !== "string" || region[key] === "");
    if (missing.length > 0)
      throw new CommandError(`The stack ${stack} does not report ${missing.join(", ")} of ${name}; ${mend}.`);
    return { ...(region as DeployedRegion), name };
  });
  return { stack, ...(givenStack !== undefined && { givenStack }), regions: [first, second], naming };
}
