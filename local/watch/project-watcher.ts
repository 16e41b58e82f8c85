import { once } from "node:events";
import { sep } from "node:path";
import type { FSWatcher } from "chokidar";
import { importModule } from "../aws/import-module";

/**
 * Time without a further change after which changes are reported, in milliseconds. An editor may write a file in several steps, and
 * chokidar does not notice a second change of a file within 50 milliseconds.
 */
const QUIET_MS = 60;

/** Watches files and folders of the project. */
export class ProjectWatcher {
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly watcher: FSWatcher,
    private readonly report: (files: readonly string[]) => void,
  ) {
    watcher.on("all", (_event, path) => this.note(path));
  }

  /**
   * Starts to watch. Resolves when every later change is noticed.
   * @param paths absolute paths of files and folders; missing ones are watched for their creation.
   * @param report receives the absolute paths of files that were changed, created or deleted.
   */
  static async start(
    paths: readonly string[],
    report: (files: readonly string[]) => void,
  ): Promise<ProjectWatcher> {
    const { watch } = await importModule<typeof import("chokidar")>("chokidar");
    const watcher = watch([...paths], { ignoreInitial: true, ignored: isIgnored });
    const ready = once(watcher, "ready");
    const started = new ProjectWatcher(watcher, report);
    await ready;
    return started;
  }

  /** Watches further files and folders. */
  add(paths: readonly string[]): void {
    this.watcher.add([...paths]);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.watcher.close();
  }

  private note(path: string): void {
    this.changed.add(path);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const files = [...this.changed];
      this.changed.clear();
      this.report(files);
    }, QUIET_MS);
  }
}

function isIgnored(path: string): boolean {
  return path.split(sep).some((part) => part === "node_modules" || part === ".git");
}
