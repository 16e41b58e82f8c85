import { probeHealth } from "../../functions/sentinel/probe";
import type { Deployment } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { reconciledTable } from "../reconcile/dynamodb-table";
import { regionalNameProbe } from "../routing/regional-name-probe";
import { routingOf, sentinelOf } from "../routing/region-tables";
import type { RegionsInRoles } from "../routing/roles";
import { applierFor } from "../reconcile/apply";
import type { ConnectedRegion } from "../cli/aws-clients";
import { sleepUntil } from "../cli/sleep";

import { type Gate, formatGate } from "./gate";
import { noDifferences } from "./no-differences";
import { type HealthGateContext, HealthGate } from "./primary-healthy";
import { reverseLag } from "./reverse-lag";
import { nothingQuarantined } from "./set-aside";

/** How failback goes about it. */
export interface FailbackOptions {
  readonly healthyMs: number;
  readonly allowedLagMs: number;
  readonly dryRun: boolean;
  /** Why the gates are passed by; undefined when they are looked at. */
  readonly force: string | undefined;
}

/** What the gates are checked with. */
export interface GatesContext {
  readonly deployment: Deployment;
  readonly roles: RegionsInRoles;
  /** Of the takeover that is to end. */
  readonly revision: number;
  readonly connected: readonly [ConnectedRegion, ConnectedRegion];
  readonly options: FailbackOptions;
  readonly command: CommandContext;
}

/**
 * Checks every gate, one after the other, and prints each: the one that may take minutes first, so that what the others
 * say is fresh when service returns.
 * @returns whether all are open.
 * @throws CommandError when it was stopped.
 */
export async function checkGates(context: GatesContext): Promise<boolean> {
  const { deployment, connected, command } = context;
  const health = new HealthGate(healthGateContext(context));
  const gates: (() => Promise<Gate>)[] = [
    () => health.healthyLongEnough(),
    () => lagGate(context),
    () => nothingQuarantined(connected),
    () => noDifferences(deployment, connected, command),
  ];
  return allOpen(gates, () => health.stillHealthy(), command);
}

/**
 * Checks gates one after the other and prints each.
 * @param last is checked when all were open, because they may have taken minutes; printed only when it is closed.
 */
export async function allOpen(
  gates: readonly (() => Promise<Gate>)[],
  last: () => Promise<Gate>,
  { terminal, signal }: Pick<CommandContext, "terminal" | "signal">,
): Promise<boolean> {
  let open = true;
  for (const check of gates) {
    const gate = await check();
    signal.throwIfAborted();
    terminal.print(formatGate(gate));
    open &&= gate.ok;
  }
  if (!open) return false;
  const gate = await last();
  signal.throwIfAborted();
  if (!gate.ok) terminal.print(formatGate(gate));
  return gate.ok;
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
    // By both of its names: the sentinel asks the one, Route 53 the other.
    async probe() {
      const probed = await probeHealth(primary.api, primary.code);
      return probed.ok ? probeByName() : probed;
    },
    sentinel: () => sentinelOf(secondary).read(),
    async sentinelClock() {
      const { checkedAt } = await probeHealth(secondary.region.api, secondary.region.code);
      return checkedAt === undefined ? undefined : Date.parse(checkedAt);
    },
    async takeoverChange() {
      const item = await routingOf(secondary)
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
  const tableOf = ({ clients, region }: ConnectedRegion): ReturnType<typeof reconciledTable> =>
    reconciledTable(clients.dynamodb, region.table, { whole: true, sleep });
  return reverseLag({
    primary: primary.region,
    secondary: secondary.region,
    write: applierFor(secondary, primary),
    secondaryTable: tableOf(secondary),
    primaryTable: tableOf(primary),
    probe: () => probeHealth(secondary.region.api, secondary.region.code),
    allowedMs: options.allowedLagMs,
    now: () => performance.now(),
    sleep,
    signal,
  });
}

function secondaryOf(
  { secondary }: RegionsInRoles,
  connected: readonly [ConnectedRegion, ConnectedRegion],
): ConnectedRegion {
  return connected.find(({ region }) => region.name === secondary.name) as ConnectedRegion;
}
