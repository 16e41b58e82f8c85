// Requests to the console's HTTP interface.

/** Time limit of a request. */
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Returns the JSON of a response.
 * @throws Error with the detail of a problem; another error without a response.
 */
export async function getJson(path) {
  return jsonOf(await fetch(path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }));
}

/** Sends a change and returns the JSON of the response. @throws as `getJson` does. */
export async function postJson(path, body, timeoutMs = REQUEST_TIMEOUT_MS) {
  return jsonOf(
    await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }),
  );
}

/** Returns the reason of a failed request in words. A fetch without a response, or without one in time, throws a TypeError or DOMException. */
export function reasonOf(error) {
  return error.name === "Error" ? error.message : "No response, retrying";
}

/**
 * Runs an action again and again while the page is visible.
 * @param action must not reject; returns the time until the next run, in milliseconds.
 * @returns a function that runs the action now, or once more after its current run, and waits for it.
 */
export function repeated(action) {
  let timer;
  let running;
  let queued;
  const run = () => {
    if (running) return (queued ??= running.then(() => ((queued = undefined), run())));
    clearTimeout(timer);
    running = action().then((intervalMs) => {
      running = undefined;
      timer = setTimeout(wake, intervalMs);
    });
    return running;
  };
  const wake = () => {
    if (document.hidden) document.addEventListener("visibilitychange", wake, { once: true });
    else void run();
  };
  void run();
  return run;
}

async function jsonOf(response) {
  const value = await response.json().catch(() => ({}));
  if (response.ok) return value;
  // Problem details (RFC 9457).
  throw new Error(value.detail ?? `The console returned status ${response.status}.`);
}
