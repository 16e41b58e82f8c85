import type { Session } from "node:inspector";
import Module, { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import { installFunctionCache } from "./function-cache";
import { PausedDebugging } from "./paused-debugging";

/** Time after which the serialization of functions lets the event loop run, in milliseconds. */
const MAXIMUM_BLOCK_MS = 20;

let isPrepared = false;

/** Changes how Pulumi's SDK serializes functions in this process: once, from a cache, with pauses, and without a lasting effect on its speed. */
export function prepareSerialization(): void {
  if (isPrepared) return;
  isPrepared = true;
  readPackagesOnce();
  skipDomains();
  installFunctionCache();
  pauseSerialization();
}

/** Makes Pulumi read node_modules once, instead of once for every function of the program. */
function readPackagesOnce(): void {
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

/**
 * Keeps Pulumi from loading `domain`, and `repl`, which loads it, when it loads all modules of Node.js to recognize them. `domain`,
 * deprecated and in no program, makes every later promise and event of the process slower: https://nodejs.org/api/domain.html
 */
function skipDomains(): void {
  const builtinModules = Module.builtinModules.filter((name) => name !== "domain" && name !== "repl");
  Object.assign(Module, { builtinModules });
}

/**
 * Lets the event loop run while Pulumi serializes functions. Without it one function blocks the process for up to half a second: each
 * step is asynchronous, but the inspector answers at once, so Pulumi never waits. The rest of the program's run still blocks it.
 */
function pauseSerialization(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks") as V8Hooks;
  const { getSessionAsync } = hooks;
  const debugging = new PausedDebugging();
  let pausedAt = 0;
  hooks.getSessionAsync = async () => {
    if (performance.now() - pausedAt > MAXIMUM_BLOCK_MS) {
      await nextTurn();
      pausedAt = performance.now();
    }
    const session = await getSessionAsync();
    debugging.resume(session);
    return session;
  };
}

/** Module of Pulumi's SDK that gives access to V8's inspector. It is not in the types. */
interface V8Hooks {
  /** Called before each question to the inspector, hundreds of times for one function. */
  getSessionAsync(): Promise<Session>;
}
