import type { DeployedRegion, Naming, FoundRegions } from "./deployed-regions";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError } from "../../command-line/command-error";
import { localCloudRegions } from "./local-cloud";
import { savedOutputs, stackRegions } from "./pulumi-stack";

/** The system that a command works on. */
export interface Deployment {
  /** The stack's own name, whichever form of it was given. */
  readonly stack: string;
  /** The name as it was given, for the commands that a message names; absent where it is `stack`. */
  readonly givenStack?: string;
  readonly regions: readonly [DeployedRegion, DeployedRegion];
  readonly naming: Naming;
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

function checked({ stack, givenStack, regions, naming, fix }: FoundRegions): Deployment {
  const entries = Object.entries((regions ?? {}) as Record<string, Partial<DeployedRegion>>);
  if (entries.length !== 2)
    throw new CommandError(`The stack ${stack} does not report its two regions; ${fix}.`);
  const [first, second] = entries.map(([name, region]) => {
    const missing = NEEDED.filter((key) => typeof region?.[key] !== "string" || region[key] === "");
    if (missing.length > 0)
      throw new CommandError(`The stack ${stack} does not report ${missing.join(", ")} of ${name}; ${fix}.`);
    return { ...(region as DeployedRegion), name };
  });
  return { stack, ...(givenStack !== undefined && { givenStack }), regions: [first, second], naming };
}
