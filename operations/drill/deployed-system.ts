import { type Deployment, type DeploymentChoice, findDeployment } from "../cli/deployment";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { RoutingItem } from "../../functions/routing/routing-item";
import { probeHealth } from "../../functions/sentinel/health-probe";
import { servingHostName } from "../../functions/sentinel/role-lookup";
import type { Command } from "../cli/command";
import { lookupFor } from "../routing/dns";
import { rolesOf } from "../routing/roles";
import { dnsLookUp } from "./name-client";
import { runCommand } from "./operator-commands";
import type { StoredRoutingEvent } from "./observations";
import type { DrillSystem } from "./system";
import { drillTables } from "./tables";

/** Clocks that differ by less are taken for the same, in milliseconds: an answer is under way for up to two seconds. */
const SAME_CLOCK_MS = 2000;

/** The operator's commands that a drill runs. */
export interface DrillCommands {
  readonly takeover: Command;
  readonly failback: Command;
}

/** Those commands, and how they are used. */
export interface DrillOperations extends DrillCommands {
  /** How long the primary must have been well before service returns, in minutes of real time. */
  readonly failbackMinutes: number;
}

/** What a drill finds out about a stack, the same way on AWS and on the local cloud. */
export interface DeployedSystem extends Pick<
  DrillSystem,
  | "stack"
  | "speed"
  | "failbackMinutes"
  | "primary"
  | "secondary"
  | "lookUp"
  | "dnsAnswer"
  | "mark"
  | "versionsIn"
  | "statesIn"
  | "routingEvents"
  | "conflictsOf"
  | "takeOver"
  | "failBack"
  | "close"
> {
  readonly deployment: Deployment;
  readonly domain: string;
}

/**
 * Finds the stack, its roles and its tables.
 * The failback's demand for a healthy time is divided by the local cloud's speed.
 * @throws CommandError when there is no such stack, or it has no domain.
 */
export async function deployedSystem(
  choice: DeploymentChoice,
  { takeover, failback, failbackMinutes }: DrillOperations,
  signal: AbortSignal,
): Promise<DeployedSystem> {
  const deployment = await findDeployment(choice);
  const { naming, regions, stack, givenStack = stack } = deployment;
  const lookup = lookupFor(naming);
  const speed = naming.local?.speed ?? 1;
  const { primary, secondary, domain } = await rolesOf(deployment, lookup);
  const lookUp = dnsLookUp(naming.dnsServer === undefined ? undefined : [naming.dnsServer]);
  const tables = drillTables(regions);
  const which = [
    "--stack",
    givenStack,
    ...given("--local", choice.local),
    ...given("--outputs", choice.outputs),
  ];
  return {
    deployment,
    domain,
    stack,
    speed,
    failbackMinutes,
    primary,
    secondary,
    lookUp,
    dnsAnswer:
      naming.local === undefined
        ? () => lookup.text(servingHostName(domain))
        : answerByAddress(regions, domain, lookUp),
    mark: tables.markIn(secondary.name),
    versionsIn: tables.versionsIn,
    statesIn: tables.statesIn,
    routingEvents: (since) => storedRoutingEvents(secondary, tables.routingItemIn(secondary.name), since),
    conflictsOf: tables.conflictsOf,
    takeOver: (reason) => runCommand(takeover, [...which, "--reason", reason, "--yes"], signal),
    failBack: () => runCommand(failback, [...which, "--minutes", String(failbackMinutes / speed)], signal),
    close: async () => tables.close(),
  };
}

/** An operator's change has the time of a machine like this one; the sentinel's that of its region, which can differ. */
async function storedRoutingEvents(
  { api, code }: DeployedRegion,
  read: () => Promise<RoutingItem | undefined>,
  since: number,
): Promise<readonly StoredRoutingEvent[]> {
  const asked = Date.now();
  const { checkedAt } = await probeHealth(api, code);
  const ahead = checkedAt === undefined ? 0 : Date.parse(checkedAt) - (asked + Date.now()) / 2;
  // What is within the time that the answer took cannot be told apart from it.
  const offset = Math.abs(ahead) < SAME_CLOCK_MS ? 0 : ahead;
  const { events = [] } = (await read()) ?? {};
  return events
    .map(({ what, at, by }) => ({
      what,
      by,
      at: Date.parse(at) - (by.startsWith("operator") ? 0 : offset),
    }))
    .filter(({ at }) => at >= since);
}

function given(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${option}=${value}`];
}

/**
 * Tells the region by the address of the failover name, which on the local cloud is the region's own. On AWS every custom
 * domain has addresses of its own, so there the text that fails over like the name is asked.
 */
function answerByAddress(
  regions: readonly DeployedRegion[],
  domain: string,
  lookUp: DrillSystem["lookUp"],
): DrillSystem["dnsAnswer"] {
  const known = new Map<string, string>();
  return async () => {
    const { address } = await lookUp(`api.${domain}`);
    if (!known.has(address))
      for (const { name } of regions) known.set((await lookUp(`${name}.${domain}`)).address, name);
    return known.get(address);
  };
}
