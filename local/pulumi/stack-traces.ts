let running = 0;
let stackTraceLimit = Error.stackTraceLimit;

/**
 * Runs the program without stack traces. Pulumi takes one for every resource and promise, and mapping them to TypeScript takes most of the
 * time of a run. Runs may overlap.
 */
export async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    ({ stackTraceLimit } = Error);
    Error.stackTraceLimit = 0;
  }
  try {
    return await run();
  } finally {
    if (--running === 0) Error.stackTraceLimit = stackTraceLimit;
  }
}
