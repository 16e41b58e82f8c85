import { CommandError } from "../../command-line/command-error";
import { wrappedFor } from "../../command-line/terminal";
import { plainLine } from "../../command-line/terminal-text";
import type { RoutingEvent, RoutingItem } from "../../functions/routing/routing-item";
import { changeRouting, replaceRouting, takeOver } from "../../functions/routing/routing-table";
import { probeHealth } from "../../functions/sentinel/health-probe";
import { isUnreadable } from "../../functions/shared/stored-item";
import { connect, disconnect, SHORT_LIMITS } from "../cli/aws-clients";
import type { CommandContext } from "../cli/command";
import { COMMON_HELP, readOptions, withDeploymentOptions } from "../cli/command-line";
import type { DeployedRegion } from "../cli/deployed-regions";
import { type DeploymentChoice, findDeployment } from "../cli/deployment";
import { lookupFor } from "../routing/dns";
import { eventLine, operatorName, reasonIn, confirmStack } from "../routing/operator";
import { failRead, failWrite, routingTableOf } from "../routing/region-tables";
import { rolesOf } from "../routing/roles";

const HELP = `Makes the secondary region take over: the API's failover name resolves to it until failback.

  npm run takeover -- --stack NAME --reason "WHY" [options]

${COMMON_HELP}
  --reason TEXT       reason, recorded with the operator and the time
  --yes               do not ask for confirmation
  --force             take over even if the secondary is unhealthy
  --help              show this help

Writes one item to the secondary's own table. Calls neither the primary nor Route 53's control plane.
Exit code: 0 the secondary has taken over, now or earlier; 2 the command failed.`;

interface Options {
  readonly choice: DeploymentChoice;
  readonly stack: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly force: boolean;
}

/** Runs `npm run takeover`. @throws CommandError when the takeover fails. */
export async function takeoverCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { common, values } = readOptions("takeover", args, {
    reason: { type: "string" },
    yes: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
  });
  if (common.help) {
    context.terminal.print(wrappedFor(HELP));
    return 0;
  }
  const reason = reasonIn("--reason", values.reason);
  const deployment = await findDeployment(common);
  const { primary, secondary } = await rolesOf(
    deployment,
    lookupFor(deployment.naming),
    context.terminal.print,
  );
  const options: Options = {
    choice: common,
    stack: deployment.stack,
    reason,
    dryRun: common.dryRun,
    yes: values.yes as boolean,
    force: values.force as boolean,
  };
  return takeOverTo(secondary, primary.name, options, context);
}

async function takeOverTo(
  secondary: DeployedRegion,
  primaryName: string,
  { choice, stack, reason, dryRun, yes, force }: Options,
  { terminal, signal }: CommandContext,
): Promise<number> {
  const connected = await connect(secondary, SHORT_LIMITS);
  try {
    const table = routingTableOf(connected);
    const known = await table.read().catch((error: unknown) => {
      if (isUnreadable(error)) return error;
      return failRead(secondary, error);
    });
    // An item that is not valid must not prevent a takeover.
    const unreadable = known instanceof Error ? known : undefined;
    if (unreadable) terminal.print(`${unreadable.message} The takeover replaces it.`);
    else if (!(known instanceof Error) && known?.takeover)
      return printUnchanged(secondary.name, known, terminal.print);
    const isHealthy = await expectHealthy(secondary, force, terminal.print);
    const what = `${secondary.name} takes over from ${primaryName} until failback`;
    if (dryRun) {
      terminal.print(`Dry run: would change one item so that ${what}. Nothing was changed.`);
      return 0;
    }
    if (!yes) await confirmStack(stack, `In the stack ${stack} ${what}.`, signal);
    signal.throwIfAborted();
    const event = { by: operatorName(), at: new Date().toISOString(), reason };
    const change = unreadable
      ? replaceRouting(table, secondary.code, unreadable, { what: "takeover", ...event }).then((changed) => ({
          changed,
          item: undefined,
        }))
      : changeRouting(table, secondary.code, (current) => takeOver(current, event));
    const { item, changed } = await change.catch((error) => failWrite(secondary, error));
    if (!changed && unreadable)
      throw new CommandError(
        `Another operator changed the takeover of ${secondary.name} at the same time; run this command again.`,
      );
    if (!changed) return printUnchanged(secondary.name, item as RoutingItem, terminal.print);
    const taken: RoutingEvent = { what: "takeover", ...event };
    terminal.print(eventLine(taken, { stack, region: secondary.code }));
    terminal.print(
      isHealthy
        ? `${secondary.name} has taken over. Route 53 detects it within seconds; clients follow within 60 s, the TTL of the DNS answer.`
        : `${secondary.name} has taken over. Route 53 routes clients to it as soon as it is healthy.`,
    );
    terminal.print(
      withDeploymentOptions(
        "To watch: npm run status -- --watch. To return service: npm run failback.",
        choice,
      ),
    );
    return 0;
  } finally {
    disconnect([connected]);
  }
}

function printUnchanged(
  name: string,
  { by, at, reason }: RoutingItem,
  print: (line: string) => void,
): number {
  print(plainLine(`${name} had already taken over: ${by}, ${at}: ${reason}. Nothing was changed.`));
  return 0;
}

/**
 * Probes the health of the secondary before a takeover. Retries once, because a probe over a long distance can fail by chance.
 * @returns whether it is healthy.
 * @throws CommandError when it is unhealthy, unless forced.
 */
export async function expectHealthy(
  { name, api, code }: Pick<DeployedRegion, "name" | "api" | "code">,
  force: boolean,
  print: (line: string) => void,
  probe: typeof probeHealth = probeHealth,
): Promise<boolean> {
  const first = await probe(api, code);
  const { ok, reason } = first.ok ? first : await probe(api, code);
  if (ok) {
    print(`${name} is healthy.`);
    return true;
  }
  const problem = `${name} is unhealthy (${reason}), and the takeover would route all clients to it`;
  if (!force) throw new CommandError(`${problem}. Nothing was changed. To take over anyway, use --force.`);
  print(`${problem}. Continuing because of --force.`);
  return false;
}
