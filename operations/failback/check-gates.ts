import { probeHealth } from "../../functions/sentinel/health-probe";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { CommandContext } from "../cli/command";
import type { Deployment } from "../cli/deployment";
import { sleepUntil } from "../cli/sleep";
import { countLagSeconds } from "../redrive/queue-counts";
import { applierFor } from "../reconcile/apply-image";
import { regionalNameProbe } from "../routing/dns";
import { itemsOf, routingTableOf, sentinelTableOf } from "../routing/region-tables";
import type { RegionsInRoles } from "../routing/roles";
import { allOpen, type Gate } from "./gate";
import { HealthGate, type HealthGateContext } from "./health-gate";
import { noDifferences, nothingQuarantined, reverseLag } from "./replication-gates";

/** Options of the failback command. */
export interface FailbackOptions {
  /** Time for which the primary must have been healthy. */
  readonly healthyMs: number;
  /** Maximum time from a write in the secondary to its arrival in the primary. */
  readonly allowedLagMs: number;
  readonly dryRun: boolean;
  /** Reason for skipping the gates; undefined when the gates are checked. */
  readonly force: string | undefined;
}

/** Dependencies of the gates. */
export interface GatesContext {
  readonly deployment: Deployment;
  readonly roles: RegionsInRoles;
  /** Revision of the takeover to end. */
  readonly revision: number;
  readonly connected: readonly [ConnectedRegion, ConnectedRegion];
  readonly options: FailbackOptions;
  readonly command: CommandContext;
}

/**
 * Checks every gate in sequence and prints each result. The health gate may take minutes, so it comes first: the results of
 * the others are then recent when service returns.
 * @returns whether all gates are open.
 * @throws CommandError when the operator stops the command.
 */
export async function checkGates(context: GatesContext): Promise<boolean> {
  const { deployment, connected, command } = context;
  const health = new HealthGate(healthGateContext(context));
  const gates: (() => Promise<Gate>)[] = [
    () => health.healthyLongEnough(),
    () => lagGate(context),
    () => quarantineGate(context),
    () => noDifferences(deployment, connected, command),
  ];
  return allOpen(gates, () => health.stillHealthy(), command);
}

function healthGateContext(context: GatesContext): HealthGateContext {
  const { deployment, roles, revision, connected, options, command } = context;
  const { primary } = roles;
  const { terminal, signal } = command;
  const secondary = secondaryOf(roles, connected);
  const probeByName = regionalNameProbe(deployment.naming, roles.domain, primary);
  return {
    primary: primary.name,
    neededMs: options.healthyMs,
    // Both URLs: the sentinel probes the API endpoint, Route 53 the regional name.
    async probe() {
      const probed = await probeHealth(primary.api, primary.code);
      return probed.ok ? probeByName() : probed;
    },
    sentinel: () => sentinelTableOf(secondary).read(),
    async sentinelClock() {
      const { checkedAt } = await probeHealth(secondary.region.api, secondary.region.code);
      return checkedAt === undefined ? undefined : Date.parse(checkedAt);
    },
    async takeoverChange() {
      const item = await routingTableOf(secondary)
        .read()
        .catch(() => undefined);
      if (!item || item.revision === revision) return undefined;
      return `the takeover was changed in the meantime by ${item.by}, ${item.at}: ${item.reason}`;
    },
    wait: !options.dryRun,
    onProgress: terminal.progress,
    print: terminal.print,
    signal,
    now: Date.now,
    sleep: sleepUntil(signal),
  };
}

function lagGate({ roles, connected, options, command }: GatesContext): Promise<Gate> {
  const secondary = secondaryOf(roles, connected);
  const primary = connected.find((region) => region !== secondary) as ConnectedRegion;
  const { signal } = command;
  const sleep = sleepUntil(signal);
  return reverseLag({
    primary: primary.region,
    secondary: secondary.region,
    write: applierFor(secondary, primary),
    readSecondary: itemsOf(secondary),
    readPrimary: itemsOf(primary),
    probe: () => probeHealth(secondary.region.api, secondary.region.code),
    allowedMs: options.allowedLagMs,
    now: () => performance.now(),
    sleep,
    signal,
  });
}

function quarantineGate({ deployment, connected, command }: GatesContext): Promise<Gate> {
  const { terminal, signal } = command;
  const lagSeconds = countLagSeconds(deployment);
  terminal.progress(`watching the quarantine queues, whose counts are up to ${Math.ceil(lagSeconds)} s old`);
  return nothingQuarantined(connected, { lagSeconds, sleep: sleepUntil(signal), signal });
}

function secondaryOf(
  { secondary }: RegionsInRoles,
  connected: readonly [ConnectedRegion, ConnectedRegion],
): ConnectedRegion {
  return connected.find(({ region }) => region.name === secondary.name) as ConnectedRegion;
}
