import type * as net from "node:net";

/** Timeout of a connection attempt to one address of a name, in milliseconds: half of a probe's timeout, so that a second address can be tried. */
const ATTEMPT_MS = 1000;

/**
 * Makes Node.js wait long enough for connections to distant regions. By default it drops each address of a name except the last
 * after 250 ms. A round trip between distant regions takes about as long, so healthy regions would appear unhealthy.
 * https://github.com/nodejs/node/issues/54359
 */
export function waitForDistantConnections(): void {
  // Inside a function: an import would be serialized into the archive.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { setDefaultAutoSelectFamilyAttemptTimeout } = require("node:net") as typeof net;
  setDefaultAutoSelectFamilyAttemptTimeout(ATTEMPT_MS);
}
