import { join } from "node:path";
import { cacheFunctionsOf } from "./function-cache";
import { isFileOf } from "./program-loading";
import { prepareSerialization } from "./serialization";

/**
 * Returns a project's program in the form that Pulumi's Automation API runs. Each run but the first loads every file of the project
 * again, except for its packages.
 * @param directory the project's folder, with `index.ts`.
 */
export function inlineProgram(directory: string): () => Promise<Record<string, unknown>> {
  let isLoaded = false;
  return async () => {
    prepareSerialization();
    cacheFunctionsOf(directory);
    const program = join(directory, "index.ts");
    if (isLoaded) forgetAll(directory);
    isLoaded = true;
    // The program declares its resources when it is loaded.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return { ...(require(program) as Record<string, unknown>) };
  };
}

function forgetAll(directory: string): void {
  for (const file of Object.keys(require.cache)) if (isFileOf(directory, file)) delete require.cache[file];
  // This module would keep every old version of the program in memory.
  module.children = module.children.filter((child) => !isFileOf(directory, child.filename));
}
