import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { serializeFunctionsOnce } from "./serialized-functions";

/**
 * Loads `index.ts` anew, which declares its resources with whatever mocks are set, and waits until all is done.
 * @param drain waits for the last resource.
 * @returns the program's stack outputs, resolved.
 */
export async function loadProgram(drain: () => Promise<unknown>): Promise<Record<string, unknown>> {
  readPackagesOnce();
  serializeFunctionsOnce();
  const { stackTraceLimit } = Error;
  // Pulumi takes a stack trace of every resource and promise; mapping them all to TypeScript is most of a run's time.
  Error.stackTraceLimit = 0;
  try {
    const path = require.resolve("../../index");
    delete require.cache[path];
    // The program declares its resources when it is loaded, which must be after the mocks are set.
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

/** Pulumi reads all of node_modules anew for every function of the program; with this it does so once. */
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
