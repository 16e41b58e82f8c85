import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Things to stop, in the opposite order of their start. */
export class Cleanup {
  private readonly actions: (() => Promise<unknown>)[] = [];

  add(action: () => Promise<unknown>): void {
    this.actions.push(action);
  }

  /**
   * Stops everything that was added, once.
   * @throws Error that tells what could not be stopped, after all the rest was.
   */
  async close(): Promise<void> {
    const problems: string[] = [];
    for (const action of this.actions.splice(0).reverse()) {
      try {
        await action();
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    if (problems.length > 0) throw new Error(`Not everything could be stopped: ${problems.join("; ")}`);
  }
}

/**
 * A folder outside the project, so that a function finds no package but its own and Lambda's. It is removed when all is closed, and
 * also when the process ends before that.
 */
export async function temporaryDirectory(cleanup: Cleanup): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tickets-"));
  const options = { recursive: true, force: true };
  const removeNow = (): void => rmSync(directory, options);
  process.once("exit", removeNow);
  cleanup.add(async () => {
    await rm(directory, options);
    process.off("exit", removeNow);
  });
  return directory;
}
