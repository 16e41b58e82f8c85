import { ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Failure } from "./schedule";

/** Range of seeds for a worker. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

/** Result of a worker for a range of seeds. */
export interface RangeResult {
  /** First failure; absent if all seeds passed. */
  readonly failure?: Failure;
}

/** Options of a run in several processes. */
export interface WorkerOptions extends SeedRange {
  /** Number of processes. */
  readonly workers: number;
  /** Called after each range with the number of seeds tried so far. */
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Seeds per range: few enough for frequent progress. */
const RANGE_SIZE = 20;

/**
 * Tries seeds in several processes until all passed or one failed.
 * @returns the failure; undefined if there was none.
 * @throws Error if a process ends unexpectedly, and the reason of the signal if it is aborted.
 */
export async function trySeeds({
  from,
  count,
  workers,
  onProgress,
  signal,
}: WorkerOptions): Promise<Failure | undefined> {
  const ranges = rangesOf(from, count);
  let done = 0;
  let failure: Failure | undefined;
  const work = async (worker: ChildProcess): Promise<void> => {
    for (let range = ranges.next(); !range.done && !failure; range = ranges.next()) {
      const result = await tryRange(worker, range.value, signal);
      failure ??= result.failure;
      done += range.value.count;
      onProgress(done);
    }
  };
  const processes = Array.from({ length: Math.min(workers, Math.ceil(count / RANGE_SIZE)) }, startWorker);
  try {
    await Promise.all(processes.map(work));
  } finally {
    for (const worker of processes) worker.kill("SIGKILL");
  }
  return failure;
}

function* rangesOf(from: number, count: number): Generator<SeedRange, void> {
  for (let next = 0; next < count; next += RANGE_SIZE)
    yield { from: from + next, count: Math.min(RANGE_SIZE, count - next) };
}

function startWorker(): ChildProcess {
  return fork(join(__dirname, "worker.ts"), {
    execArgv: ["-r", join(__dirname, "..", "scripts/typescript/register.js")],
    // Ignores the log lines of the functions.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function tryRange(worker: ChildProcess, range: SeedRange, signal: AbortSignal): Promise<RangeResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => settle(() => resolve(message as RangeResult));
    const onExit = (code: number | null, by: string | null): void =>
      settle(() =>
        reject(new Error(`A worker ended with ${by ?? `exit code ${code}`} on seeds from ${range.from}.`)),
      );
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const settle = (how: () => void): void => {
      worker.off("message", onMessage).off("exit", onExit);
      signal.removeEventListener("abort", onAbort);
      how();
    };
    worker.on("message", onMessage).on("exit", onExit);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else worker.send(range);
  });
}
