import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { texts } from "../../scripts/typescript/transpiler";

/** The source text that Pulumi serializes a function to. */
interface SerializedFunction {
  readonly text: string;
  readonly exportName: string;
  readonly containsSecrets: boolean;
}

/** Pulumi's `serializeFunction`. Receives a Lambda handler or its factory, and the options of the serialization. */
type Serialize = (handler: object, options: object) => Promise<SerializedFunction>;

/** A cache whose entries outlive the process. */
interface PersistentCache {
  readEntry(name: string, key: string): unknown;
  writeEntry(name: string, key: string, value: unknown): void;
}

/** The project's folder. */
const PROJECT = join(__dirname, "..", "..");

/** Folders of programs: the project, and copies of it. Equal functions of two copies share an entry of the cache. */
const programDirectories = [PROJECT];

/** Paths in a program by file; see `pathInProgram`. The search for the module of a function visits thousands of files. */
const paths = new Map<string, string | undefined>();

let isInstalled = false;

/** Adds the folder of a copy of the project, whose functions are cached too. */
export function cacheFunctionsOf(directory: string): void {
  if (programDirectories.includes(directory)) return;
  programDirectories.push(directory);
  paths.clear();
}

/** Replaces Pulumi's `serializeFunction`, which runs for every resource in every process, by a cached version. */
export function installFunctionCache(): void {
  if (isInstalled) return;
  isInstalled = true;
  const runtime = pulumi.runtime as unknown as { serializeFunction: Serialize };
  runtime.serializeFunction = cachedSerialize(runtime.serializeFunction, diskCache());
}

/**
 * Returns a version of `serialize` that serializes every function once in this process. A function that a module of the project
 * exports is also cached for other processes, as long as no package and no project file that the module loads has changed.
 */
export function cachedSerialize(serialize: Serialize, cache: PersistentCache): Serialize {
  const inProcess = new WeakMap<object, Promise<SerializedFunction>>();
  return (handler, options) => {
    const serialized = inProcess.get(handler) ?? fromCacheOrNew(handler, options, serialize, cache);
    inProcess.set(handler, serialized);
    return serialized;
  };
}

async function fromCacheOrNew(
  handler: object,
  options: object,
  serialize: Serialize,
  cache: PersistentCache,
): Promise<SerializedFunction> {
  const module = moduleThatExports(handler);
  // A function that was created by another function may have captured any value.
  if (!module) return serialize(handler, options);
  const name = `serialized ${pathInProgram(module)} ${nameIn(module, handler)}`;
  const key = keyOf(module, options);
  const cached = cache.readEntry(name, key) as SerializedFunction | undefined;
  if (cached) return cached;
  const serialized = await serialize(handler, options);
  if (!serialized.containsSecrets) cache.writeEntry(name, key, serialized);
  return serialized;
}

function moduleThatExports(handler: object): NodeModule | undefined {
  return Object.values(require.cache).find(
    (module) => module && pathInProgram(module) && nameIn(module, handler) !== undefined,
  );
}

function nameIn({ exports }: NodeModule, handler: object): string | undefined {
  if (typeof exports !== "object" || exports === null) return undefined;
  return Object.keys(exports).find((name) => (exports as Record<string, unknown>)[name] === handler);
}

/** Returns the path of a module in its program; undefined for a module of a package, or without a file, as test runners add. */
function pathInProgram({ filename }: { readonly filename?: string }): string | undefined {
  if (filename === undefined) return undefined;
  if (!paths.has(filename)) paths.set(filename, pathOf(filename));
  return paths.get(filename);
}

function pathOf(filename: string): string | undefined {
  if (filename.includes("node_modules")) return undefined;
  const directory = programDirectories.find((one) => filename.startsWith(`${one}${sep}`));
  return directory && relative(directory, filename);
}

/** Returns a key that changes with everything that can change the serialized text of a function in the module. */
function keyOf(module: NodeModule, options: object): string {
  const sources = new Map<string, string>();
  collectSources(module, sources);
  const files = [...sources].sort(([one], [other]) => (one < other ? -1 : 1)).flat();
  const packages = readFileSync(join(PROJECT, "package-lock.json"), "utf8");
  return diskCache().hashOf(process.version, process.cwd(), JSON.stringify(options), packages, ...files);
}

/** Collects a digest of the module and of every project module that it loads. */
function collectSources(module: NodeModule, sources: Map<string, string>): void {
  const path = pathInProgram(module);
  if (path === undefined || sources.has(path)) return;
  sources.set(path, sourceOf(module));
  for (const child of module.children) collectSources(child, sources);
}

/** Returns the digest of a module as it was loaded. The file on disk may have changed since. */
function sourceOf({ filename, exports }: NodeModule): string {
  return texts.get(filename) ?? JSON.stringify(exports);
}

function diskCache(): PersistentCache & { hashOf(...texts: string[]): string } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("../../scripts/typescript/disk-cache") as ReturnType<typeof diskCache>;
}
