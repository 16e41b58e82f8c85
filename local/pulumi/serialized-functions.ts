import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Pulumi's text of a function. */
interface SerializedFunction {
  readonly text: string;
  readonly exportName: string;
  readonly containsSecrets: boolean;
}

/** A Lambda handler or what makes one, how it is serialised, and Pulumi's promise of its text. */
type Serialize = (handler: object, options: object) => Promise<SerializedFunction>;

/** What was kept by an earlier process, if its key is the same. */
interface Kept {
  recall(name: string, key: string): unknown;
  keep(name: string, key: string, value: unknown): void;
}

const ROOT = join(__dirname, "..", "..");

let isInstalled = false;

/** Has Pulumi serialise each function of the program once, where it would for every resource, every run and every process. */
export function serializeFunctionsOnce(): void {
  if (isInstalled) return;
  isInstalled = true;
  const runtime = pulumi.runtime as unknown as { serializeFunction: Serialize };
  runtime.serializeFunction = serializingOnce(runtime.serializeFunction, diskCache());
}

/**
 * Serialises a function that a module of the project exports, and uses the text again in this process; in others only
 * while every file of the project that the module was loaded with, and every package, is the same.
 */
export function serializingOnce(serialize: Serialize, kept: Kept): Serialize {
  const known = new WeakMap<object, Promise<SerializedFunction>>();
  return (handler, options) => {
    const serialized = known.get(handler) ?? keptOrNew(handler, options, serialize, kept);
    known.set(handler, serialized);
    return serialized;
  };
}

async function keptOrNew(
  handler: object,
  options: object,
  serialize: Serialize,
  kept: Kept,
): Promise<SerializedFunction> {
  const module = moduleThatExports(handler);
  // What is made by another function may have captured anything.
  if (!module) return serialize(handler, options);
  const name = `serialized ${relative(ROOT, module.filename)} ${nameIn(module, handler)}`;
  const key = keyOf(module, options);
  const recalled = kept.recall(name, key) as SerializedFunction | undefined;
  if (recalled) return recalled;
  const serialized = await serialize(handler, options);
  if (!serialized.containsSecrets) kept.keep(name, key, serialized);
  return serialized;
}

function moduleThatExports(handler: object): NodeModule | undefined {
  return Object.values(require.cache).find(
    (module) => module && isOfTheProject(module) && nameIn(module, handler) !== undefined,
  );
}

function nameIn({ exports }: NodeModule, handler: object): string | undefined {
  if (typeof exports !== "object" || exports === null) return undefined;
  return Object.keys(exports).find((name) => (exports as Record<string, unknown>)[name] === handler);
}

/** Test runners keep modules of their own among the others, without a file. */
function isOfTheProject({ filename }: { readonly filename?: string }): boolean {
  return filename !== undefined && filename.startsWith(`${ROOT}${sep}`) && !filename.includes("node_modules");
}

/** Differs whenever the serialised text of something in the module could. */
function keyOf(module: NodeModule, options: object): string {
  const sources = new Map<string, string>();
  collect(module, sources);
  const files = [...sources].sort(([one], [other]) => (one < other ? -1 : 1)).flat();
  const packages = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  return diskCache().hashOf(process.version, process.cwd(), JSON.stringify(options), packages, ...files);
}

/** The module and all that it required, each with a digest of what was loaded. */
function collect(module: NodeModule, sources: Map<string, string>): void {
  if (!isOfTheProject(module) || sources.has(module.filename)) return;
  sources.set(module.filename, sourceOf(module));
  for (const child of module.children) collect(child, sources);
}

/** A file may have changed since it was loaded, so what stands on the disk does not count. */
function sourceOf({ filename, exports }: NodeModule): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { sources } = require("../../scripts/typescript/transpiler") as {
    sources: ReadonlyMap<string, string>;
  };
  return sources.get(filename) ?? JSON.stringify(exports);
}

function diskCache(): Kept & { hashOf(...texts: string[]): string } {
  // It is JavaScript, because it is needed before any TypeScript can be loaded.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("../../scripts/typescript/disk-cache") as ReturnType<typeof diskCache>;
}
