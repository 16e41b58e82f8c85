import type { DeployedRegion, Naming, FoundRegions } from "./deployed-regions";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError } from "../../command-line/command-error";
import { localCloudRegions } from "./local-cloud";
import { savedOutputs, stackRegions } from "./pulumi-stack";

/** Deployment that a command works on. */
export interface Deployment {
  /** Stack name without organization and project. */
  readonly stack: string;
  /** Stack name as given by the operator, for commands in messages; absent if equal to `stack`. */
  readonly givenStack?: string;
  readonly regions: readonly [DeployedRegion, DeployedRegion];
  readonly naming: Naming;
}

/** Options that select a deployment. */
export interface DeploymentChoice {
  /** Stack name in any form that the Pulumi CLI accepts; optional on the local cloud, which has one stack. */
  readonly stack?: string;
  /** Console URL of the local cloud; undefined for AWS. */
  readonly local?: string;
  /** File with the stack outputs, used instead of the Pulumi backend. */
  readonly outputs?: string;
}

const NEEDED = ["code", "api", "table", "conflictTable", "quarantineQueue", "failureBucket"] as const;

/**
 * Finds the two regions in the stack outputs, or for the local cloud in its console.
 * @throws CommandError for an invalid or unknown stack, an unavailable source, or missing resources of a region.
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
