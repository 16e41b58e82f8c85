import { portsFrom } from "./ports";

/** A local cloud that another process runs on this machine. */
export interface RunningCloud {
  /** URL of its console. */
  readonly console: string;
  readonly stack: string;
}

/** Time for an answer, in milliseconds. */
const ASK_MS = 1000;

/**
 * Finds the local cloud that has a port, by asking each console whose ports would include it for its addresses.
 * @param port a port that is taken.
 * @param own the console's port of this cloud, which is asked first.
 * @param regions the number of regions.
 * @returns undefined when no local cloud answers: another program has the port, or a cloud that is still starting.
 */
export async function cloudAt(port: number, own: number, regions: number): Promise<RunningCloud | undefined> {
  const { api, website, dynamodb, fauxqs, ...single } = portsFrom(
    1,
    Array.from({ length: regions }, (_, index) => String(index)),
  );
  const offsets = [single, api, website, dynamodb, fauxqs]
    .flatMap((ports) => Object.values(ports) as number[])
    .map((one) => one - 1);
  const same = await askConsole(own);
  if (same) return same;
  const others = offsets.map((offset) => port - offset).filter((one) => one > 0 && one !== own);
  const found = await Promise.all(others.map(askConsole));
  return found.find((cloud) => cloud !== undefined);
}

async function askConsole(port: number): Promise<RunningCloud | undefined> {
  const limit = new AbortController();
  // Not AbortSignal.timeout, whose timer would let the process end before it has said what is in the way.
  const timer = setTimeout(() => limit.abort(), ASK_MS);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/addresses`, {
      signal: limit.signal,
      redirect: "error",
    });
    const { stack, console: url, regions } = (await response.json()) as Partial<Record<string, unknown>>;
    if (typeof stack !== "string" || typeof url !== "string" || typeof regions !== "object") return undefined;
    return { stack, console: url };
  } catch {
    // Whatever is there, it is no console.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
