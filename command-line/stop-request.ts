const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes on the Ctrl-C that the terminal has sent to every process already, so one press arrives twice. */
const SAME_PRESS_MS = 500;

/** The exit code of shells for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Listens for Ctrl-C and its like: the first asks to stop, which aborts the signal that this returns; another one, half a second
 * later or more, ends the process at once. Standard output that nobody reads any more asks to stop, too.
 * @param reason what the signal is aborted with; Node's own AbortError without one.
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
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => controller.abort(reason));
  return controller.signal;
}
