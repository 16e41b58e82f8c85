import { ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Failure } from "./schedule";

/** Seeds for a worker to try. */
export interface Order {
  readonly from: number;
  readonly count: number;
}

/** What a worker answers to an order. */
export interface Answer {
  /** The first seed that failed. */
  readonly failure?: Failure;
}

/** What a crew is to do. */
export interface CrewOptions extends Order {
  /** How many processes. */
  readonly workers: number;
  /** Called after each order with how many seeds are done. */
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** So many seeds make an order: few enough for a lively progress line. */
const ORDER_SIZE = 20;

/**
 * Tries seeds in several processes until all are done or one has failed.
 * @returns the failure; undefined when there was none.
 * @throws Error when a process ends unasked, and the signal's reason when it is aborted.
 */
export async function trySeeds({
  from,
  count,
  workers,
  onProgress,
  signal,
}: CrewOptions): Promise<Failure | undefined> {
  const orders = ordersOf(from, count);
  let done = 0;
  let failure: Failure | undefined;
  const work = async (worker: ChildProcess): Promise<void> => {
    for (let order = orders.next(); !order.done && !failure; order = orders.next()) {
      const answer = await carryOut(worker, order.value, signal);
      failure ??= answer.failure;
      done += order.value.count;
      onProgress(done);
    }
  };
  const crew = Array.from({ length: Math.min(workers, Math.ceil(count / ORDER_SIZE)) }, startWorker);
  try {
    await Promise.all(crew.map(work));
  } finally {
    for (const worker of crew) worker.kill("SIGKILL");
  }
  return failure;
}

function* ordersOf(from: number, count: number): Generator<Order, void> {
  for (let next = 0; next < count; next += ORDER_SIZE)
    yield { from: from + next, count: Math.min(ORDER_SIZE, count - next) };
}

function startWorker(): ChildProcess {
  return fork(join(__dirname, "worker.ts"), {
    execArgv: ["-r", join(__dirname, "..", "scripts/typescript/register.js")],
    // What the functions log is of no interest here.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function carryOut(worker: ChildProcess, order: Order, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => settle(() => resolve(message as Answer));
    const onExit = (code: number | null, by: string | null): void =>
      settle(() =>
        reject(new Error(`A worker ended with ${by ?? `exit code ${code}`} on seeds from ${order.from}.`)),
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
    else worker.send(order);
  });
}
