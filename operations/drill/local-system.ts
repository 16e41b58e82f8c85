import type { ConsoleState } from "../../local/console/state";
import { CannotRun } from "../cannot-run";
import { deployedSystem, type DrillOperations } from "./deployed-system";
import type { DrillSystem } from "./system";

/** Every question to the console, in milliseconds. */
const ASK_MS = 10_000;

/**
 * A local cloud that runs as something to drill.
 * @param consoleUrl such as `http://localhost:4700`.
 * @throws CannotRun when no local cloud runs there, or it runs another stack, or has no domain.
 */
export async function localSystem(
  consoleUrl: string,
  stack: string | undefined,
  operations: DrillOperations,
  signal: AbortSignal,
): Promise<DrillSystem> {
  const read = async <T>(path: string): Promise<T> => (await (await ask(consoleUrl, path)).json()) as T;
  const { speed } = await read<ConsoleState>("/state").catch((error: Error) => {
    throw new CannotRun(`No local cloud answers at ${consoleUrl} (${error.message}).`, { cause: error });
  });
  const choice = { local: consoleUrl, stack };
  const { domain, deployment, ...system } = await deployedSystem(choice, speed, operations, signal);
  const { urls = {}, ca } = deployment.naming.local ?? {};
  return {
    ...system,
    environment: "the local cloud",
    speed,
    failoverUrl: urls[`api.${domain}`],
    ca,
    async setState(region, state) {
      const headers = { "content-type": "application/json" };
      const change = { method: "POST", headers, body: JSON.stringify({ state }) };
      await ask(consoleUrl, `/regions/${region}`, change);
    },
  };
}

async function ask(consoleUrl: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(new URL(path, consoleUrl), { ...init, signal: AbortSignal.timeout(ASK_MS) });
  if (response.ok) return response;
  throw new CannotRun(`The local cloud's console answered ${response.status} to ${path}.`);
}
