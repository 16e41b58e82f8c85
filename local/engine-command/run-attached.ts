import type { EngineRunOptions, EngineStack } from "../pulumi/engine/engine-stack";
import { currentConfig } from "../current-config";
import { expectRegions } from "../running-regions";
import { announceChange } from "./attach";
import { openWithProgram, type EngineAccount, type OpenAccount } from "./engine-account";
import type { EngineCommand, EngineCommandLine } from "./options";

/**
 * Runs a command of the engine against a running local cloud.
 * @param options where the output goes.
 * @param open opens the stack; by default with the program of this project.
 * @throws Error of the engine.
 */
export async function runAttached(
  { command, cloud, diff, target }: EngineCommandLine,
  account: EngineAccount,
  options: Pick<EngineRunOptions, "onOutput" | "color" | "signal">,
  open: OpenAccount = openWithProgram,
): Promise<void> {
  const domain = cloud.domain && (account.domain ?? undefined);
  const config = currentConfig({ ...cloud, domain, speed: account.speed });
  expectRegions(account.regions, config);
  const stack = await open(account);
  try {
    await RUNS[command](stack, { ...options, config, diff, target: [...target] });
  } finally {
    if (command !== "preview") await announceChange(cloud.port);
  }
}

const RUNS: Readonly<
  Record<EngineCommand, (stack: EngineStack, options: EngineRunOptions) => Promise<unknown>>
> = {
  preview: (stack, options) => stack.preview(options),
  up: (stack, options) => stack.up(options),
  refresh: (stack, options) => stack.refresh(options),
  destroy: async (stack, options) => {
    // Otherwise everything but the protected resources would be deleted before the error.
    const { error } = await stack.tryPreviewDestroy(options);
    if (error) throw error;
    return stack.destroy(options);
  },
};
