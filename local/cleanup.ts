import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Actions that stop what was started, run in reverse order. */
export class Cleanup {
  private readonly actions: (() => Promise<unknown>)[] = [];

  add(action: () => Promise<unknown>): void {
    this.actions.push(action);
  }

  /**
   * Runs every action once. A failed action does not prevent the others.
   * @throws Error with the messages of the failed actions.
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
 * Creates a temporary folder outside the project, so that functions in it resolve only their own packages and Lambda's.
 * It is removed by the cleanup, or when the process exits before that.
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
