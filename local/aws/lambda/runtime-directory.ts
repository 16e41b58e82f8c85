import { copyFile, realpath, symlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { makeDirectory } from "../../../shared/make-directory";

/** The packages of AWS's Node.js runtimes that a function may use without bringing them. */
const RUNTIME_SCOPES = ["@aws-sdk", "@smithy"];

/** Where the runtime's own files are: what `/var/runtime` is on AWS. */
export interface RuntimeDirectory {
  readonly path: string;
  /** The program that a child process runs. */
  readonly bootstrap: string;
  /** Holds what the runtime carries and nothing else of the project. */
  readonly modules: string;
}

/**
 * Makes `<directory>/runtime`: the bootstrap, and links to the packages that the real runtime carries. A linked package finds its own
 * dependencies by its real path; a function finds no other package of the project, so one missing from its archive fails as on AWS.
 * @throws Error when the directory lies in the project, where module resolution would walk up into the project's packages.
 */
export async function makeRuntimeDirectory(
  directory: string,
  projectDirectory: string,
): Promise<RuntimeDirectory> {
  const project = await realpath(projectDirectory);
  if (((await realpath(directory)) + sep).startsWith(project + sep))
    throw new Error(
      `Functions cannot be unpacked to ${directory}: it lies in the project, whose packages they would find. Give a directory outside ${project}.`,
    );
  const path = join(directory, "runtime");
  const modules = join(path, "node_modules");
  makeDirectory(modules);
  for (const scope of RUNTIME_SCOPES)
    await symlink(join(project, "node_modules", scope), join(modules, scope), "junction");
  const bootstrap = join(path, "bootstrap.js");
  await copyFile(join(__dirname, "bootstrap.js"), bootstrap);
  return { path, bootstrap, modules };
}
