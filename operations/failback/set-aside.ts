import { reasonOf } from "../../command-line/command-error";
import { countObjects } from "../routing/set-aside";
import { countMessages } from "../redrive/sqs-queue";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { Gate } from "./gate";

/** Nothing waits in quarantine or in an on-failure bucket, either way. */
export async function nothingQuarantined(connected: readonly ConnectedRegion[]): Promise<Gate> {
  const name = "quarantine queues and failure buckets are empty";
  try {
    const counts = await Promise.all(connected.map(countQuarantined));
    const figure = counts.map(({ text }) => text).join("; ");
    return { name, ok: counts.every(({ count }) => count === 0), figure };
  } catch (error) {
    return { name, ok: false, figure: `could not be counted (${reasonOf(error)})` };
  }
}

async function countQuarantined({
  region,
  clients,
}: ConnectedRegion): Promise<{ count: number; text: string }> {
  const [{ visible, hidden }, objects] = await Promise.all([
    countMessages(clients.sqs, region.quarantineQueue),
    countObjects(clients.s3, region.failureBucket),
  ]);
  const messages = visible + hidden;
  const text = `${region.name}: ${messages} in quarantine, ${objects} in failure bucket`;
  return { count: messages + objects, text };
}
