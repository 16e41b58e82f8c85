import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describeIfUsable, KEPT_TOOLS } from "./optional-tools";

const PROJECT = join(__dirname, "..", "..");
/** Has a folder with `package.json` and `package-lock.json` for each version. `.ci/run` installs them outside the checkout. */
const VERSIONS = join(PROJECT, ".ci", "lambda-sdk");

/**
 * Defines a suite for each AWS SDK that a Lambda runtime may include: that of the project and the versions in `.ci/lambda-sdk`. A version
 * that is not installed is skipped, with the command in its name; in CI it fails.
 * @param suite defines the tests; receives the `node_modules` of the SDK.
 */
export function describeWithSdks(title: string, suite: (packages: string) => void): void {
  describe(`${title} of the project`, () => suite(join(PROJECT, "node_modules")));
  for (const version of readdirSync(VERSIONS)) {
    const folder = join(KEPT_TOOLS, `lambda-sdk-${version}`);
    const packages = join(folder, "node_modules");
    const install = `mkdir -p ${folder} && cp .ci/lambda-sdk/${version}/* ${folder} && npm ci --prefix ${folder}`;
    const problem = existsSync(packages) ? undefined : `not installed: ${install}`;
    describeIfUsable(`${title} ${version}`, problem, () => suite(packages));
  }
}
