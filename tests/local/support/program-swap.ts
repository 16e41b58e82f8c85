import Module from "node:module";
import { join } from "node:path";

// Node's own hook for finding a module, which its types leave out.
const loader = Module as unknown as { _resolveFilename(request: string, ...more: unknown[]): string };

/**
 * Lets the local cloud load a small program of `tests/local/pulumi/programs` in place of `index.ts`.
 * @returns what puts `index.ts` back.
 */
export function swapProgram(name: string): () => void {
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, ...more) =>
    request === "../../index"
      ? join(__dirname, "..", "pulumi", "programs", `${name}.ts`)
      : resolve(request, ...more);
  return () => void (loader._resolveFilename = resolve);
}
