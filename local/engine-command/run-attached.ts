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
 * @throws Error of the engine, or of the local cloud that cannot read the outputs of a successful run.
 */
export async function runAttached(
  { command, cloud, diff, target, exclude }: EngineCommandLine,
  account: EngineAccount,
  options: Pick<EngineRunOptions, "onOutput" | "color" | "signal">,
  open: OpenAccount = openWithProgram,
): Promise<void> {
  const domain = cloud.domain && (account.domain ?? undefined);
  const config = currentConfig({ ...cloud, domain, speed: account.speed });
  expectRegions(account.regions, config);
  const stack = await open(account);
  const announce = async (): Promise<void> => {
    if (command !== "preview") await announceChange(cloud.port);
  };
  try {
    await RUNS[command](stack, { ...options, config, diff, target: [...target], exclude: [...exclude] });
  } catch (error) {
    // A failed run has changed resources too. The operator needs its error, whatever else fails after it.
    await announce().catch((problem: Error) => options.onOutput?.(`${problem.message}\n`));
    throw error;
  }
  await announce();
}

/**
 * What `pulumi destroy` prints after success about `pulumi stack rm`, which would look for the stack in another backend. See
 * pkg/cmd/pulumi/operations/destroy.go of the CLI 3.260.0.
 */
const REMOVAL_HINT = /The resources in the stack have been deleted, but [^`]*`pulumi stack rm [^`]*`\.\n/;

/** What is printed instead. */
const DESTROYED =
  "The resources are deleted. To create them again, run up. To remove Pulumi's state too, stop the local cloud with Ctrl-C in its " +
  "terminal.\n";

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
    const onOutput = (text: string): void => options.onOutput?.(text.replace(REMOVAL_HINT, DESTROYED));
    return stack.destroy({ ...options, onOutput });
  },
};
