import { join, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { prepareSerialization } from "./serialization";
import { withoutStackTraces } from "./stack-traces";

/**
 * Loads `index.ts` again, which declares its resources with the current mocks, and waits for all of them.
 * @param drain resolves after the last resource.
 * @param changedFiles absolute paths. The modules of these files, and all modules of the program that load them, are loaded again too.
 * @returns the program's resolved stack outputs.
 */
export async function loadProgram(
  drain: () => Promise<unknown>,
  changedFiles: readonly string[] = [],
): Promise<Record<string, unknown>> {
  prepareSerialization();
  return withoutStackTraces(async () => {
    const path = require.resolve("../../index");
    const before = programFiles();
    forget(path, new Set(changedFiles));
    const exported = load(path, before);
    await drain();
    return resolved(exported);
  });
}

/**
 * Loads the program. A program that throws leaves the module cache, and with it the record of who loads whom: the next load could not tell
 * which modules a change concerns, so all of them are removed.
 * @param before files of the last program.
 */
function load(program: string, before: readonly string[]): Record<string, unknown> {
  const cached = new Set(Object.keys(require.cache));
  try {
    // The program declares its resources when it is loaded, so it can be loaded only after the mocks are set.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(program) as Record<string, unknown>;
  } catch (error) {
    const added = Object.keys(require.cache).filter((file) => !cached.has(file) && isFileOf(PROJECT, file));
    for (const file of [...before, ...added]) delete require.cache[file];
    throw error;
  }
}

/** Returns the absolute paths of the project's files that the last run of the program loaded. */
export function programFiles(): string[] {
  const files = new Set<string>();
  const collect = (module: NodeModule): void => {
    if (files.has(module.filename) || !isFileOf(PROJECT, module.filename)) return;
    files.add(module.filename);
    module.children.forEach(collect);
  };
  const program = require.cache[require.resolve("../../index")];
  if (program) collect(program);
  return [...files];
}

const PROJECT = join(__dirname, "..", "..");

/** Returns whether a file belongs to the project in a folder, and not to one of its packages. */
export function isFileOf(directory: string, file: string): boolean {
  return file.startsWith(`${directory}${sep}`) && !file.includes(`${sep}node_modules${sep}`);
}

/** Removes the program, the changed files and every module on a path between them from the module cache. */
function forget(program: string, changedFiles: ReadonlySet<string>): void {
  const isStale = new Map<string, boolean>();
  const visit = (module: NodeModule): boolean => {
    const known = isStale.get(module.filename);
    if (known !== undefined) return known;
    isStale.set(module.filename, changedFiles.has(module.filename));
    const children = module.children.filter((child) => isFileOf(PROJECT, child.filename)).map(visit);
    const stale = changedFiles.has(module.filename) || children.includes(true);
    isStale.set(module.filename, stale);
    return stale;
  };
  const loaded = require.cache[program];
  if (loaded) visit(loaded);
  for (const [file, stale] of isStale) if (stale || file === program) delete require.cache[file];
  // The module that loads the program would keep every old version of it in memory.
  module.children = module.children.filter((child) => child.filename !== program);
}

function resolved(exported: Record<string, unknown>): Promise<Record<string, unknown>> {
  return (pulumi.output(exported) as unknown as { promise(): Promise<Record<string, unknown>> }).promise();
}
