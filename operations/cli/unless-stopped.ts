/** Result of read-only calls. @throws the reason of the signal when the operator stops the command; the results of the calls are then ignored. */
export async function unlessStopped<T>(calls: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    calls.then(resolve, reject);
  });
}
