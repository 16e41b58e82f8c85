import type { automation } from "@pulumi/pulumi";
import { inlineProgram } from "../pulumi/inline-program";
import { EngineStack } from "../pulumi/engine/engine-stack";
import { PROJECT_DIRECTORY } from "../services";

/** How the Pulumi engine reaches a running local cloud, as its console returns it at {@link ENGINE_PATH}. */
export interface EngineAccount {
  readonly stack: string;
  /** Domain that the cloud was started with; null without one. */
  readonly domain: string | null;
  readonly speed: number;
  readonly regions: readonly { readonly name: string; readonly code: string }[];
  /** Value of `PULUMI_DEBUG_PROVIDERS`. */
  readonly debugProviders: string;
  /** Folders of the CLI: its working directory, the states, and its own files. */
  readonly workDirectory: string;
  readonly backend: string;
  readonly home: string;
}

/** Path of the console's HTTP interface where a local cloud describes its account. */
export const ENGINE_PATH = "/engine";

/** Opens the stack of a local cloud. */
export type OpenAccount = (account: EngineAccount) => Promise<EngineStack>;

/** Opens the stack of a local cloud with the program of this project. */
export const openWithProgram: OpenAccount = (account) =>
  openAccount(account, inlineProgram(PROJECT_DIRECTORY));

/** Opens the stack of a local cloud with a program. */
export function openAccount(account: EngineAccount, program: automation.PulumiFn): Promise<EngineStack> {
  const { stack, workDirectory, backend, home, debugProviders } = account;
  return EngineStack.open({
    ...{ stack, workDirectory, backend, home, debugProviders, program },
  });
}
