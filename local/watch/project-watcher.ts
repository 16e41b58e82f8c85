import { once } from "node:events";
import { dirname, sep } from "node:path";
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
    private readonly watched: Set<string>,
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
    const watched = new Set(paths);
    const watcher = watch(withParents(paths), {
      ignoreInitial: true,
      ignored: (path) => isIgnored(path, watched),
    });
    const ready = once(watcher, "ready");
    const started = new ProjectWatcher(watcher, watched, report);
    await ready;
    return started;
  }

  /** Watches further files and folders. */
  add(paths: readonly string[]): void {
    for (const path of paths) this.watched.add(path);
    this.watcher.add(withParents(paths));
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

/**
 * Adds the folder of each path. Chokidar stops to watch a file that is deleted, as by `git checkout`, and notices its new creation only
 * in a folder that it watches.
 */
function withParents(paths: readonly string[]): string[] {
  return [...new Set([...paths, ...paths.map((path) => dirname(path))])];
}

/** Whether a path is neither watched, nor in a watched folder, nor the folder of a watched path. */
function isIgnored(path: string, watched: ReadonlySet<string>): boolean {
  if (path.split(sep).some((part) => part === "node_modules" || part === ".git")) return true;
  for (const one of watched)
    if (path === one || path.startsWith(one + sep) || dirname(one) === path) return false;
  return true;
}
