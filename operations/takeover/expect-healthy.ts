import { probeHealth } from "../../functions/sentinel/health-probe";
import { CommandError } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";

/**
 * Asks the region that all clients would be led to how it is, twice when it has to: one probe over a long way can fail by
 * chance, and nobody who takes over should have to begin again for that.
 * @returns whether it is well.
 * @throws CommandError when it is not, unless forced.
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
