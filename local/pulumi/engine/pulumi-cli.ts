import { execFileSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Oldest accepted version of the Pulumi CLI: the one that the tests run with. The check of Pulumi's automation API accepts every
 * version from 3.2.0, also those without options that the commands of the local cloud use.
 */
const MINIMUM_VERSION = "3.260.0";

const INSTALL_PULUMI = `Install the Pulumi CLI, version ${MINIMUM_VERSION} or later: https://www.pulumi.com/docs/install/`;

/** Time limit of `pulumi version`, in milliseconds. */
const VERSION_TIMEOUT_MS = 30_000;

/** Returns why the Pulumi CLI on PATH cannot be used and how to install another one; undefined if it can be used. */
export function pulumiProblem(path?: string): string | undefined {
  const pulumi = findPulumi(path);
  if (pulumi === undefined) return `The command pulumi is not on PATH. ${INSTALL_PULUMI}`;
  const version = versionOf(pulumi);
  if (version === undefined) return `${pulumi} does not print its version. ${INSTALL_PULUMI}`;
  if (version.localeCompare(MINIMUM_VERSION, "en", { numeric: true }) >= 0) return undefined;
  return `${pulumi} is version ${version}, which is older than ${MINIMUM_VERSION}. ${INSTALL_PULUMI}`;
}

/** Returns the version without its pre-release, such as `3.260.0`; undefined if the program prints none. */
function versionOf(pulumi: string): string | undefined {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const options = { env, encoding: "utf8", timeout: VERSION_TIMEOUT_MS, stdio: "pipe" } as const;
    return /^v?(\d+\.\d+\.\d+)/.exec(execFileSync(pulumi, ["version"], options))?.[1];
  } catch {
    // It cannot be started, or fails.
    return undefined;
  }
}

/** Returns the path of the Pulumi CLI on PATH; undefined if there is none. */
export function findPulumi(path: string | undefined = process.env.PATH): string | undefined {
  const names = process.platform === "win32" ? ["pulumi.exe"] : ["pulumi"];
  const folders = (path ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
