const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Period in which a second signal counts as the same Ctrl-C. npm forwards the signal that the terminal already sent to all processes. */
const SAME_PRESS_MS = 500;

/** Exit code after Ctrl-C, as shells use it (128 + SIGINT). */
const INTERRUPTED = 130;

/**
 * Returns an AbortSignal that SIGINT, SIGTERM or SIGHUP aborts. A second signal after more than half a second ends the process
 * immediately. A closed standard output or standard error also aborts it.
 * @param reason reason of the abort; Node's AbortError by default.
 */
export function stopRequest(reason?: Error): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const ask = (): void => {
    if (controller.signal.aborted && performance.now() - firstAt > SAME_PRESS_MS) process.exit(INTERRUPTED);
    if (controller.signal.aborted) return;
    firstAt = performance.now();
    controller.abort(reason);
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  onClosedOutput(() => controller.abort(reason));
  return controller.signal;
}

/**
 * Calls a function at every write after the reader of standard output or standard error has closed it, as `| head` does. Without such a
 * function Node.js ends the process at the first of these writes, with a stack trace.
 */
export function onClosedOutput(listener: () => void): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", listener);
}
