import { CommandError, reasonOf } from "../../command-line/command-error";
import type { Deployment } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { reconcileDeployment } from "../reconcile/reconcile-deployment";
import { sum, type Tally } from "../reconcile/tally";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { Gate } from "./gate";

/**
 * Both tables hold the same: a dry run of reconcile finds nothing to do. Items that may not cross regions are told but are no
 * differences: no client can read them, and a forged one must not keep service away from the primary.
 */
export async function noDifferences(
  deployment: Deployment,
  connected: readonly [ConnectedRegion, ConnectedRegion],
  context: CommandContext,
): Promise<Gate> {
  const name = "reconcile finds no differences";
  const options = { dryRun: true, stamp: false, deep: false };
  try {
    const { tally } = await reconcileDeployment(deployment, connected, options, context);
    return { name, ...toGateResult(tally) };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof CommandError ? error.message : reasonOf(error);
    return { name, ok: false, figure: `the tables could not be compared: ${reason}` };
  }
}

function toGateResult({
  compared,
  repaired,
  leveled,
  plain,
  failed,
  rejected,
  findings,
}: Tally): Pick<Gate, "ok" | "figure"> {
  const counts = Object.entries(compared).map(([region, count]) => `${count} items of ${region}`);
  const differences = sum(repaired) + leveled + plain + failed;
  const aside =
    rejected > 0 ? `, and ${rejected} items that may not cross regions: see npm run reconcile` : "";
  const figure = `${differences} ${differences === 1 ? "difference" : "differences"} in ${counts.join(" and ")}${aside}`;
  if (differences === 0) return { ok: true, figure };
  const [first = "run npm run reconcile with --dry-run"] = findings;
  return { ok: false, figure: `${figure}; ${first}` };
}
