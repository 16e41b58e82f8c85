import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How to install the Pulumi CLI. */
export const INSTALL_PULUMI =
  "Install the Pulumi CLI, version 3.260.0 or later: https://www.pulumi.com/docs/install/";

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
