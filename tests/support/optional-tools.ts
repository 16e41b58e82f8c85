import { homedir } from "node:os";
import { join } from "node:path";
import type { Suite } from "mocha";

/** Folder in which `.ci/run` keeps the tools and packages that npm does not install, one folder per version. */
export const KEPT_TOOLS = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
  "tickets-in-two-regions",
);

/**
 * Defines a suite that needs a tool which `npm ci` does not install.
 * @param problem why the tool cannot be used and how to install it; undefined if it can be used. With a problem the suite is skipped,
 *   with the problem in its name; in CI a test fails with it.
 */
export function describeIfUsable(
  title: string,
  problem: string | undefined,
  suite: (this: Suite) => void,
): void {
  if (problem === undefined) describe(title, suite);
  else if (!process.env.CI) describe.skip(`${title} (skipped: ${problem})`, suite);
  else
    describe(title, () =>
      it("has the tool that it needs", () => {
        throw new Error(problem);
      }),
    );
}
