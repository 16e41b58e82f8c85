import { LocalCloud } from "../local/cloud";
import { median } from "./measure";

const TICKETS = 60;
const JSON_HEADERS = { "content-type": "application/json" };

/**
 * Measures the time until a ticket written in Ireland can be read in Singapore, through both APIs of a local cloud. The baseline is
 * the time until it can be read in Ireland. The difference is the replication time.
 */
export async function benchReplication(): Promise<void> {
  const quiet = { log: () => undefined, progress: () => undefined };
  const options = {
    stack: "ireland",
    domain: undefined,
    dynamodbEndpoint: undefined,
    data: undefined,
    port: 0,
    speed: 1,
  };
  const cloud = await LocalCloud.start(options, quiet);
  try {
    const { ireland, singapore } = cloud.addresses.regions;
    const local: number[] = [];
    const replicated: number[] = [];
    for (let index = 0; index < TICKETS; index++) {
      local.push(await timeToRead(ireland.api, ireland.api));
      replicated.push(await timeToRead(ireland.api, singapore.api));
    }
    report("written and read in Ireland", local);
    report("written in Ireland, read in Singapore", replicated);
    console.log(`ratio of the medians ${(median(replicated) / median(local)).toFixed(2)}`);
  } finally {
    await cloud.close();
  }
}

async function timeToRead(writeTo: string, readFrom: string): Promise<number> {
  const start = performance.now();
  const body = JSON.stringify({ subject: "How long does this take?" });
  const created = await fetch(`${writeTo}/tickets`, { method: "POST", headers: JSON_HEADERS, body });
  const { id } = (await created.json()) as { id: string };
  while ((await fetch(`${readFrom}/tickets/${id}`)).status !== 200)
    if (performance.now() - start > 10_000) throw new Error(`Ticket ${id} did not arrive within 10 seconds.`);
  return performance.now() - start;
}

function report(what: string, milliseconds: readonly number[]): void {
  const sorted = [...milliseconds].sort((left, right) => left - right);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  console.log(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
