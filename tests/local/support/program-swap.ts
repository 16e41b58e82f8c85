import Module from "node:module";
import { resolve as resolvePath } from "node:path";

// Internal function of Node.js that resolves a module; it is not in the types.
const loader = Module as unknown as { _resolveFilename(request: string, ...more: unknown[]): string };

/**
 * Makes the local cloud load a program of `tests/local/pulumi/programs` instead of `index.ts`.
 * @param name name in that folder, or an absolute path; without `.ts`.
 * @returns a function that restores `index.ts`.
 */
export function swapProgram(name: string): () => void {
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, ...more) =>
    request === "../../index"
      ? resolvePath(__dirname, "..", "pulumi", "programs", `${name}.ts`)
      : resolve(request, ...more);
  return () => void (loader._resolveFilename = resolve);
}
