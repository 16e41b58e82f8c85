import { askConsole, localState } from "../cli/local-cloud";
import { deployedSystem, type DrillOperations } from "./deployed-system";
import { checkChanges } from "./route53-checks";
import type { DrillSystem } from "./system";

/**
 * A local cloud that runs as something to drill.
 * @param consoleUrl such as `http://localhost:4700`.
 * @throws CommandError when no local cloud runs there, or it runs another stack, or has no domain.
 */
export async function localSystem(
  consoleUrl: string,
  stack: string | undefined,
  operations: DrillOperations,
  signal: AbortSignal,
): Promise<DrillSystem> {
  const { domain, deployment, ...system } = await deployedSystem(
    { local: consoleUrl, stack },
    operations,
    signal,
  );
  const { urls = {}, ca } = deployment.naming.local ?? {};
  return {
    ...system,
    environment: "the local cloud",
    failoverUrl: urls[`api.${domain}`],
    ca,
    probeMachine: async () => (await askConsole(consoleUrl, `/regions/${system.primary.name}`)).text(),
    async checkChanges(since) {
      const { events } = await localState(consoleUrl);
      return checkChanges(events, [system.primary.name, system.secondary.name], since);
    },
    async setState(region, state) {
      const headers = { "content-type": "application/json" };
      const change = { method: "POST", headers, body: JSON.stringify({ state }) };
      await askConsole(consoleUrl, `/regions/${region}`, change);
    },
  };
}
