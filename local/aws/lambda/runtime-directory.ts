import { copyFile, realpath, symlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { makeDirectory } from "../../../shared/make-directory";

/** Scopes of the packages that AWS's Node.js runtimes include. */
const RUNTIME_SCOPES = ["@aws-sdk", "@smithy"];

/** Files of the runtime; `/var/runtime` on AWS. */
export interface RuntimeDirectory {
  readonly path: string;
  /** Main program of a child process. */
  readonly bootstrap: string;
  /** Directory of the packages that the runtime includes, and no others. */
  readonly modules: string;
}

/**
 * Creates `<directory>/runtime` with the bootstrap and links to the packages that the AWS runtime includes. A linked package resolves its
 * dependencies by its real path. A function finds no other package of the project, so a package missing from its archive fails as on AWS.
 * @param packages `node_modules` with the AWS SDK of the runtime; that of the project by default.
 * @throws Error if the directory is inside the project, where module resolution would find the project's packages.
 */
export async function createRuntimeDirectory(
  directory: string,
  projectDirectory: string,
  packages?: string,
): Promise<RuntimeDirectory> {
  const project = await realpath(projectDirectory);
  if (((await realpath(directory)) + sep).startsWith(project + sep))
    throw new Error(
      `Functions cannot be unpacked to ${directory}: it is inside the project, so they would find its packages. Use a directory outside ${project}.`,
    );
  const path = join(directory, "runtime");
  const modules = join(path, "node_modules");
  makeDirectory(modules);
  for (const scope of RUNTIME_SCOPES)
    await symlink(join(packages ?? join(project, "node_modules"), scope), join(modules, scope), "junction");
  const bootstrap = join(path, "bootstrap.js");
  await copyFile(join(__dirname, "bootstrap.js"), bootstrap);
  return { path, bootstrap, modules };
}
