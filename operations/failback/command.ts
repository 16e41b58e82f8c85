import { isUnreadable, UnreadableItem } from "../../functions/shared/stored-item";
import { changeRouting, failBack, replaceRouting } from "../../functions/routing/routing-table";
import { RoutingEvent, RoutingItem } from "../../functions/routing/routing-item";
import { probeHealth } from "../../functions/sentinel/health-probe";
import { plainLine } from "../../command-line/terminal-text";
import { wrappedFor } from "../../command-line/terminal";
import { CommandError } from "../../command-line/command-error";
import { COMMON_HELP, decimalNumber, readOptions } from "../cli/command-line";
import { findDeployment, type Deployment } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { failRead, failWrite, routingTableOf } from "../routing/region-tables";
import { eventLine, operatorName, reasonIn } from "../routing/operator";
import { lookupFor } from "../routing/dns";
import { type RegionsInRoles, rolesOf } from "../routing/roles";
import { connect, connectBoth, disconnect, SHORT_LIMITS, type ConnectedRegion } from "../cli/aws-clients";
import { type FailbackOptions, checkGates } from "./check-gates";
import { endLeftoverTakeover } from "./leftover-takeover";

const HELP = `Ends a takeover and returns service to the primary region when every gate is open.

  npm run failback -- --stack NAME [options]

${COMMON_HELP}
  --minutes NUMBER    minutes that the primary must have been healthy, decimals allowed; 5 by default
  --max-lag NUMBER    seconds that a write in the secondary may take to reach the primary; 5 by default
  --force "REASON"    return service without checking the gates; the reason is recorded with the operator and the time
  --help              show this help

Gates: the primary has been healthy for --minutes (the command waits for the remaining time); writes in the secondary reach the primary; the quarantine queues and failure buckets are empty; a dry run of reconcile finds no differences.
Exit code: 0 service returns, or there was no takeover; 1 a gate is closed; 2 the command failed.`;

/** Default of `--minutes`. */
export const DEFAULT_MINUTES = 5;
/** Maximum of `--minutes`. */
export const MAXIMUM_MINUTES = 1440;
const DEFAULT_LAG_SECONDS = 5;
const MAXIMUM_LAG_SECONDS = 3600;

/** Runs `npm run failback`. @throws CommandError if the command failed. */
export async function failbackCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { common, values } = readOptions("failback", args, {
    minutes: { type: "string" },
    "max-lag": { type: "string" },
    force: { type: "string" },
  });
  if (common.help) {
    context.terminal.print(wrappedFor(HELP));
    return 0;
  }
  if (values.force !== undefined && (values.minutes !== undefined || values["max-lag"] !== undefined))
    throw new CommandError("--force skips the gates, so it cannot be combined with --minutes or --max-lag.");
  const minutes = decimalNumber("--minutes", values.minutes, 0, MAXIMUM_MINUTES) ?? DEFAULT_MINUTES;
  const lag = decimalNumber("--max-lag", values["max-lag"], 0, MAXIMUM_LAG_SECONDS) ?? DEFAULT_LAG_SECONDS;
  const options: FailbackOptions = {
    healthyMs: minutes * 60_000,
    allowedLagMs: lag * 1000,
    dryRun: common.dryRun,
    force: values.force === undefined ? undefined : reasonIn("--force", values.force),
  };
  const deployment = await findDeployment(common);
  const roles = await rolesOf(deployment, lookupFor(deployment.naming), context.terminal.print);
  const secondary = await connect(roles.secondary, SHORT_LIMITS);
  try {
    return await failBackFrom(secondary, deployment, roles, options, context);
  } finally {
    disconnect([secondary]);
  }
}

async function failBackFrom(
  secondary: ConnectedRegion,
  deployment: Deployment,
  roles: RegionsInRoles,
  options: FailbackOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const { name } = secondary.region;
  const table = routingTableOf(secondary);
  const item = await table.read().catch((error: unknown) => {
    if (isUnreadable(error)) return error;
    return failRead(secondary.region, error);
  });
  if (item instanceof Error)
    return replaceUnreadable(secondary, item, deployment, roles, options, terminal.print);
  await endLeftoverTakeover(deployment, roles, options, terminal.print);
  if (!item?.takeover) {
    terminal.print(`${name} has not taken over. There is nothing to fail back.`);
    return 0;
  }
  terminal.print(plainLine(`${name} has taken over: ${item.by}, ${item.at}: ${item.reason}.`));
  if (options.force === undefined) {
    if (!(await gatesAreOpen(deployment, roles, item.revision, options, context))) {
      terminal.print(`${name} continues to serve. Fix the failed gates, then rerun this command.`);
      return 1;
    }
  } else await warnIfUnhealthy(roles, terminal.print);
  if (options.dryRun) {
    terminal.print(`Dry run: service would return to ${roles.primary.name}. Nothing was changed.`);
    return 0;
  }
  context.signal.throwIfAborted();
  return endTakeover(secondary, item, deployment.stack, roles.primary.name, options.force, terminal.print);
}

async function gatesAreOpen(
  deployment: Deployment,
  roles: RegionsInRoles,
  revision: number,
  options: FailbackOptions,
  context: CommandContext,
): Promise<boolean> {
  const connected = await connectBoth(deployment, SHORT_LIMITS);
  try {
    return await checkGates({ deployment, roles, revision, connected, options, command: context });
  } finally {
    disconnect(connected);
  }
}

/** Replaces an unreadable routing item with "no takeover". @throws CommandError without `--force`. */
async function replaceUnreadable(
  { region, clients }: ConnectedRegion,
  unreadable: UnreadableItem,
  deployment: Deployment,
  roles: RegionsInRoles,
  { force, dryRun }: FailbackOptions,
  print: (line: string) => void,
): Promise<number> {
  if (force === undefined)
    throw new CommandError(
      `Whether ${region.name} has taken over is unknown. ${unreadable.message} Nothing was changed. ` +
        'To replace it: npm run failback -- --force "REASON" (no takeover), or npm run takeover.',
    );
  print(`${unreadable.message}`);
  await endLeftoverTakeover(deployment, roles, { dryRun, force }, print);
  await warnIfUnhealthy(roles, print);
  if (dryRun) {
    print(`Dry run: would replace it with no takeover in ${region.name}. Nothing was changed.`);
    return 0;
  }
  const event = failbackEvent(force);
  const isReplaced = await replaceRouting(
    routingTableOf({ region, clients }),
    region.code,
    unreadable,
    event,
  ).catch((error) => failWrite(region, error));
  return printOutcome(isReplaced, event, region, deployment.stack, roles.primary.name, print);
}

/** Warns that a forced failback to an unhealthy primary takes effect later and without gates. */
async function warnIfUnhealthy(
  { primary, secondary }: RegionsInRoles,
  print: (line: string) => void,
): Promise<void> {
  const { ok, reason } = await probeHealth(primary.api, primary.code);
  if (ok) return;
  print(
    `${primary.name} is unhealthy (${reason}): Route 53 routes clients to ${secondary.name} until ${primary.name} is healthy, ` +
      `and then to ${primary.name} without checking that it has caught up.`,
  );
}

/** Ends the takeover with one conditional write, so that a failback is never partial. */
async function endTakeover(
  secondary: ConnectedRegion,
  { revision }: RoutingItem,
  stack: string,
  primaryName: string,
  force: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  const { code } = secondary.region;
  const event = failbackEvent(force);
  const { changed } = await changeRouting(routingTableOf(secondary), code, (current) =>
    failBack(current, revision, event),
  ).catch((error) => failWrite(secondary.region, error));
  return printOutcome(changed, event, secondary.region, stack, primaryName, print);
}

function failbackEvent(
  force: string | undefined,
): RoutingEvent & { readonly what: "failback" | "forced failback" } {
  return {
    what: force === undefined ? "failback" : "forced failback",
    by: operatorName(),
    at: new Date().toISOString(),
    reason: force ?? "every gate was open",
  };
}

/** Prints the result of the write. @returns the exit code. */
function printOutcome(
  changed: boolean,
  event: RoutingEvent,
  { name, code }: ConnectedRegion["region"],
  stack: string,
  primaryName: string,
  print: (line: string) => void,
): number {
  if (!changed) {
    print(
      `Another operator changed the takeover of ${name} at the same time. Check npm run status, then rerun this command.`,
    );
    return 1;
  }
  print(eventLine(event, { stack, region: code }));
  print(
    `Service returns to ${primaryName} as soon as Route 53 finds it healthy and has checked ${name} again.`,
  );
  return 0;
}
