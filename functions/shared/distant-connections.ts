import type * as net from "node:net";

/** How long one address of a name may take to answer a connection, in milliseconds: half of what a probe or a call waits, so that a second one has time. */
const ATTEMPT_MS = 1000;

/**
 * Has Node wait for connections to the other end of the world. It gives each address of a name but the last 250 ms and then
 * drops it; between two distant regions there and back takes about that long, so good regions would look bad.
 * https://github.com/nodejs/node/issues/54359
 */
export function waitForDistantConnections(): void {
  // Inside a function: an import would be serialised into the archive.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { setDefaultAutoSelectFamilyAttemptTimeout } = require("node:net") as typeof net;
  setDefaultAutoSelectFamilyAttemptTimeout(ATTEMPT_MS);
}
