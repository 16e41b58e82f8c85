import { CommandError } from "../../command-line/command-error";
import { primaryHostName } from "../../functions/sentinel/role-lookup";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { Deployment } from "../cli/deployment";
import type { Lookup } from "./dns";

/** The regions by their role in routing. */
export interface RegionsInRoles {
  readonly primary: DeployedRegion;
  readonly secondary: DeployedRegion;
  readonly domain: string;
  /** Whether DNS confirms the roles. Otherwise they are from the last update of the stack, and may have been swapped since. */
  readonly confirmed: boolean;
}

/**
 * Determines the roles of the regions from DNS, or from the stack outputs when DNS does not answer.
 * @param warn receives a warning when DNS does not answer.
 * @throws CommandError without a domain, or when the primary is unknown.
 */
export async function rolesOf(
  { stack, givenStack = stack, regions, naming }: Deployment,
  lookup: Pick<Lookup, "text">,
  warn: (line: string) => void = () => undefined,
): Promise<RegionsInRoles> {
  const { domain, primary } = naming;
  if (domain === undefined)
    throw new CommandError(`The stack ${stack} has no domain, so it has no DNS failover and no takeover.`);
  const answer = await lookup.text(primaryHostName(domain));
  const name = answer ?? primary;
  const confirmed = answer !== undefined;
  if (!confirmed && name !== undefined)
    warn(
      `${primaryHostName(domain)} cannot be resolved. ${name} was the primary at the last update of the stack. ` +
        "If the roles were swapped since then, stop here.",
    );
  const [first, second] = regions;
  if (name === first.name) return { domain, confirmed, primary: first, secondary: second };
  if (name === second.name) return { domain, confirmed, primary: second, secondary: first };
  throw new CommandError(
    name === undefined
      ? `The primary region of the stack ${stack} is unknown: neither ${primaryHostName(domain)} in DNS nor the stack outputs name it. ` +
          `Update it first: pulumi up --stack ${givenStack}.`
      : `The primary is ${name}, but the regions of the stack ${stack} are ${first.name} and ${second.name}.`,
  );
}
