import { join, relative, resolve, sep } from "node:path";
import { SOURCES } from "../../ui/sources";
import { programFiles } from "../pulumi/program-loading";

/** Why a changed file matters. */
export type Concern = "program" | "ui";

/** Files of the project on which the running program and web UI depend. */
export class WatchedFiles {
  private readonly stackFiles: readonly string[];
  private readonly uiSources: readonly string[];

  /** @param stack name of the Pulumi stack whose file is watched. */
  constructor(
    private readonly project: string,
    stack: string,
  ) {
    this.stackFiles = ["Pulumi.yaml", `Pulumi.${stack}.yaml`].map((name) => join(project, name));
    this.uiSources = SOURCES.map((name) => resolve(project, "ui", name));
  }

  /** Returns what to watch: the folders of the program's files, so that new files are noticed, and the sources of the web UI. */
  paths(): string[] {
    const folders = programFiles().map((file) => {
      const [top] = relative(this.project, file).split(sep);
      return top === "ui" ? file : join(this.project, top);
    });
    return [...new Set([...folders, ...this.stackFiles, ...this.uiSources])];
  }

  /**
   * Returns why a changed file matters; an empty list if it does not.
   * @param afterFailure whether the last update failed. The program did not load all of its files then, so that any source may matter.
   */
  concernsOf(file: string, afterFailure: boolean): Concern[] {
    const isSource = afterFailure && /\.(ts|js|json)$/.test(file) && !this.isOfUi(file);
    const isOfProgram = isSource || this.stackFiles.includes(file) || programFiles().includes(file);
    return [...(isOfProgram ? (["program"] as const) : []), ...(this.isOfUi(file) ? (["ui"] as const) : [])];
  }

  private isOfUi(file: string): boolean {
    return this.uiSources.some((source) => file === source || file.startsWith(source + sep));
  }
}
