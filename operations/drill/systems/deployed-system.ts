import { CommandError } from "../../../command-line/command-error";
import { terminal } from "../../../command-line/terminal";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import { probeHealth } from "../../../functions/sentinel/health-probe";
import { servingHostName } from "../../../functions/sentinel/role-lookup";
import type { Command } from "../../cli/command";
import type { DeployedRegion } from "../../cli/deployed-regions";
import { type Deployment, type DeploymentChoice, findDeployment } from "../../cli/deployment";
import { lookupFor } from "../../routing/dns";
import { rolesOf } from "../../routing/roles";
import { dnsLookUp } from "../clients/dns-client";
import type { StoredRoutingEvent } from "../observations";
import type { DrillSystem, CommandOutcome } from "./drill-system";
import { drillTables } from "./drill-tables";
import { type ProbeArrives, replicationProbe } from "./replication-probe";

/** Clock differences below this are ignored, in milliseconds: an answer is in flight for up to two seconds. */
const SAME_CLOCK_MS = 2000;

/** Operator commands that a drill runs. */
export interface DrillCommands {
  readonly takeover: Command;
  readonly failback: Command;
}

/** These commands with their settings. */
export interface DrillOperations extends DrillCommands {
  /** Minutes of real time that the primary must have been healthy before failback. */
  readonly failbackMinutes: number;
}

/** The part of a drill system that is the same on AWS and on the local cloud. */
export interface DeployedSystem extends Pick<
  DrillSystem,
  | "stack"
  | "speed"
  | "failbackMinutes"
  | "primary"
  | "secondary"
  | "lookUp"
  | "dnsAnswer"
  | "lock"
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
  readonly probeArrives: ProbeArrives;
}

/**
 * Finds the stack, the roles of its regions and its tables. The speed of the local cloud divides the healthy time that failback
 * requires.
 * @throws CommandError when the stack does not exist or has no domain.
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
  const target = [
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
    lock: tables.lockIn(secondary.name),
    versionsIn: tables.versionsIn,
    statesIn: tables.statesIn,
    routingEvents: (since) => storedRoutingEvents(secondary, tables.routingItemIn(secondary.name), since),
    conflictsOf: tables.conflictsOf,
    probeArrives: replicationProbe(regions, tables),
    takeOver: (reason) => runCommand(takeover, [...target, "--reason", reason, "--yes"], signal),
    failBack: () => runCommand(failback, [...target, "--minutes", String(failbackMinutes / speed)], signal),
    close: async () => tables.close(),
  };
}

/** Reads stored events. Corrects the sentinel's times, which are from its region's clock; an operator's are from a local clock. */
async function storedRoutingEvents(
  { api, code }: DeployedRegion,
  read: () => Promise<RoutingItem | undefined>,
  since: number,
): Promise<readonly StoredRoutingEvent[]> {
  const requestedAt = Date.now();
  const { checkedAt } = await probeHealth(api, code);
  const ahead = checkedAt === undefined ? 0 : Date.parse(checkedAt) - (requestedAt + Date.now()) / 2;
  // A difference within the duration of the request cannot be measured.
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
 * Finds the region by the addresses of the failover name, which on the local cloud are the region's own. On AWS every
 * custom domain has its own addresses, so a TXT record that fails over like the name is read there instead.
 */
function answerByAddress(
  regions: readonly DeployedRegion[],
  domain: string,
  lookUp: DrillSystem["lookUp"],
): DrillSystem["dnsAnswer"] {
  const known = new Map<string, string>();
  return async () => {
    const { addresses } = await lookUp(`api.${domain}`);
    if (!addresses.some((address) => known.has(address)))
      for (const { name } of regions)
        for (const address of (await lookUp(`${name}.${domain}`)).addresses) known.set(address, name);
    return addresses.map((address) => known.get(address)).find((name) => name !== undefined);
  };
}

/** Runs another operator command in this process and returns its output. */
async function runCommand(
  command: Command,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandOutcome> {
  let text = "";
  const output = { write: (part: string) => (text += part) };
  try {
    const code = await command(args, { terminal: terminal(output, output), signal });
    return { code, text };
  } catch (error) {
    if (error instanceof CommandError) return { code: 2, text: `${text}${error.message}` };
    throw error;
  }
}
