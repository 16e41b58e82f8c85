import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
/** Has a folder with `package.json` and `package-lock.json` for each version. `.ci/run` installs them outside the checkout. */
const VERSIONS = join(PROJECT, ".ci", "lambda-sdk");
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tickets-in-two-regions");

/**
 * Defines a suite for each AWS SDK that a Lambda runtime may include: that of the project and the versions in `.ci/lambda-sdk`. A version
 * that is not installed is skipped, with the command in its name; in CI it fails.
 * @param suite defines the tests; receives the `node_modules` of the SDK.
 */
export function describeWithSdks(title: string, suite: (packages: string) => void): void {
  describe(`${title} of the project`, () => suite(join(PROJECT, "node_modules")));
  for (const version of readdirSync(VERSIONS)) {
    const folder = join(CACHE, `lambda-sdk-${version}`);
    const packages = join(folder, "node_modules");
    const isInstalled = existsSync(packages);
    const install = `mkdir -p ${folder} && cp .ci/lambda-sdk/${version}/* ${folder} && npm ci --prefix ${folder}`;
    const name = `${title} ${version}`;
    if (isInstalled) describe(name, () => suite(packages));
    else if (!process.env.CI)
      describe.skip(`${name} (skipped, not installed: ${install})`, () => suite(packages));
    else
      describe(name, () =>
        it("is installed", () => {
          throw new Error(`Not installed: ${install}`);
        }),
      );
  }
}
