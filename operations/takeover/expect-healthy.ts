import { probeHealth } from "../../functions/sentinel/probe";
import { CannotRun } from "../cannot-run";
import type { DeployedRegion } from "../deployment";

/**
 * Asks the region that all clients would be led to how it is, twice when it has to: one probe over a long way can fail by
 * chance, and nobody who takes over should have to begin again for that.
 * @returns whether it is well.
 * @throws CannotRun when it is not, unless forced.
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
    print(`${name} is well.`);
    return true;
  }
  const problem = `${name} is not well itself (${reason}), and all clients would be led to it`;
  if (!force) throw new CannotRun(`${problem}; nothing was changed. Do it all the same with --force.`);
  print(`${problem}; going on because of --force.`);
  return false;
}
