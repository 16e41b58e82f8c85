import { relative } from "node:path";
import type { ConsoleProblem } from "../console/state";
import { provideUi } from "../preconditions";
import type { Step } from "../pulumi/update";
import { describeSteps } from "./describe-steps";
import { ProjectWatcher } from "./project-watcher";
import type { Concern, WatchedFiles } from "./watched-files";

/** What the loop changes and reports to. */
export interface DevelopmentLoopOptions {
  /** The project's folder. */
  readonly project: string;
  readonly files: Pick<WatchedFiles, "paths" | "concernsOf">;
  /** Applies the program. */
  readonly update: (changedFiles: readonly string[]) => Promise<readonly Step[]>;
  /** Receives lines for the terminal. */
  readonly report: (text: string) => void;
  /** Receives the current problem; undefined once it is fixed. */
  readonly showProblem: (problem: ConsoleProblem | undefined) => void;
  /** Aborts a build of the web UI. */
  readonly stop: AbortSignal;
}

/**
 * Time between a change of the web UI and its build, in milliseconds. Vite already serves the change; the build keeps the deployed web UI
 * up to date, and waits for a pause because it would slow down the browser's reload.
 */
const UI_BUILD_DELAY_MS = 1000;

/** Applies changes of the program, its configuration and the web UI to the running local cloud when they are saved. */
export class DevelopmentLoop {
  private watcher: ProjectWatcher | undefined;
  private readonly changed = new Set<string>();
  private running: Promise<void> | undefined;
  private uiTimer: NodeJS.Timeout | undefined;
  private hasFailed = false;

  private constructor(private readonly options: DevelopmentLoopOptions) {}

  /** Starts to watch. Resolves when every later change is noticed. */
  static async start(options: DevelopmentLoopOptions): Promise<DevelopmentLoop> {
    const loop = new DevelopmentLoop(options);
    loop.watcher = await ProjectWatcher.start(options.files.paths(), (files) => loop.note(files));
    return loop;
  }

  /** Stops to watch and waits for the update that is running. */
  async close(): Promise<void> {
    clearTimeout(this.uiTimer);
    await this.watcher?.close();
    await this.running;
  }

  private note(files: readonly string[]): void {
    const concerns = new Set<Concern>();
    for (const file of files) {
      const concernsOfFile = this.options.files.concernsOf(file, this.hasFailed);
      if (concernsOfFile.length > 0) this.changed.add(file);
      concernsOfFile.forEach((concern) => concerns.add(concern));
    }
    if (concerns.has("program")) this.runSoon(0);
    else if (concerns.has("ui")) this.runSoon(UI_BUILD_DELAY_MS);
  }

  private runSoon(delay: number): void {
    clearTimeout(this.uiTimer);
    this.uiTimer = setTimeout(() => {
      // Changes during an update are applied by the loop of that update.
      this.running ??= this.applyAll().finally(() => (this.running = undefined));
    }, delay);
  }

  private async applyAll(): Promise<void> {
    const { stop } = this.options;
    while (this.changed.size > 0 && !stop.aborted) {
      const files = [...this.changed];
      this.changed.clear();
      const isApplied = await this.apply(files);
      if (isApplied || stop.aborted) continue;
      // The next save repeats what failed.
      const isNew = this.changed.size > 0;
      for (const file of files) this.changed.add(file);
      if (!isNew) return;
    }
  }

  /** Returns whether the update succeeded. */
  private async apply(files: readonly string[]): Promise<boolean> {
    const { project, report, showProblem, stop } = this.options;
    const names = files.map((file) => relative(project, file)).sort();
    const start = performance.now();
    try {
      await provideUi(project, () => undefined, stop);
      const steps = await this.options.update(files);
      this.hasFailed = false;
      this.watcher?.add(this.options.files.paths());
      showProblem(undefined);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      report(`${names.join(", ")}: ${describeSteps(steps)} in ${seconds} s.`);
      return true;
    } catch (error) {
      if (stop.aborted) return false;
      this.hasFailed = true;
      const { message } = error as Error;
      showProblem({ title: `${names.join(", ")} could not be applied`, detail: message });
      report(
        `${names.join(", ")} could not be applied: ${message}\nThe last version stays live. Save a fix to try again.`,
      );
      return false;
    }
  }
}
