import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../make-directory";

/**
 * Checks that the page was built, which the program uploads, before anything is started.
 * @throws Error that says how to build it.
 */
export function requirePage(projectDirectory: string): void {
  const folder = join(projectDirectory, "ui", "dist");
  if (!existsSync(join(folder, "index.html")))
    throw new Error(`The page is not built: ${folder} has no index.html. Build it with: npm run build`);
}

/**
 * Makes the folder for `--data` unless it exists.
 * @throws Error when it cannot be made or written to.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    makeDirectory(directory, { mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new Error(
      `--data is ${JSON.stringify(directory)}, which cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
