import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { installFunctionCache } from "./function-cache";

/**
 * Loads `index.ts` again, which declares its resources with the current mocks, and waits for all of them.
 * @param drain resolves after the last resource.
 * @returns the program's resolved stack outputs.
 */
export async function loadProgram(drain: () => Promise<unknown>): Promise<Record<string, unknown>> {
  readPackagesOnce();
  installFunctionCache();
  const { stackTraceLimit } = Error;
  // Pulumi takes a stack trace for every resource and promise. Mapping them to TypeScript takes most of the time of a run.
  Error.stackTraceLimit = 0;
  try {
    const path = require.resolve("../../index");
    delete require.cache[path];
    // The program declares its resources when it is loaded, so it can be loaded only after the mocks are set.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const exported = require(path) as Record<string, unknown>;
    await drain();
    return await resolved(exported);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function resolved(exported: Record<string, unknown>): Promise<Record<string, unknown>> {
  return (pulumi.output(exported) as unknown as { promise(): Promise<Record<string, unknown>> }).promise();
}

let packagesAreReadOnce = false;

/** Makes Pulumi read node_modules once, instead of once for every function of the program. */
function readPackagesOnce(): void {
  if (packagesAreReadOnce) return;
  packagesAreReadOnce = true;
  // The package is a dependency of Pulumi, not of this project, and has no types.
  const requireFromPulumi = createRequire(require.resolve("@pulumi/pulumi"));
  const { Arborist } = requireFromPulumi("@npmcli/arborist") as ArboristModule;
  const load = Arborist.prototype.loadActual;
  let packages: Promise<unknown> | undefined;
  Arborist.prototype.loadActual = function () {
    return (packages ??= load.call(this));
  };
}

interface ArboristModule {
  readonly Arborist: { readonly prototype: { loadActual(): Promise<unknown> } };
}
