import { Resource } from "@pulumi/pulumi";

/** Class of all resources. Pulumi reads the position of each one in the program with this method, which is not in the types. */
const resources = Resource as unknown as { callsites: () => readonly object[] };
const { callsites } = resources;

let running = 0;
let stackTraceLimit = Error.stackTraceLimit;

/**
 * Runs the program without stack traces. Pulumi takes one for every resource and promise, and mapping them to TypeScript takes most of the
 * time of a run. The state of the engine then contains no positions of resources in the program. Runs may overlap.
 */
export async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    ({ stackTraceLimit } = Error);
    Error.stackTraceLimit = 0;
    resources.callsites = () => [];
  }
  try {
    return await run();
  } finally {
    if (--running === 0) {
      Error.stackTraceLimit = stackTraceLimit;
      resources.callsites = callsites;
    }
  }
}
