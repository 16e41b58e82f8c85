import { forEachBounded } from "../../functions/replication/for-each-bounded";
import { recordInMessage } from "../../functions/replication/quarantine-message";
import { conclude } from "./conclude";
import { notReplayable, type Outcome, replay, type ReplayContext } from "./replay";

/** A message that was received. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** What deletes it or gives it back. */
  readonly receipt: string;
}

/** A quarantine queue. */
export interface MessageQueue {
  /** Up to 10 messages, hidden from others for a while; none when none is visible. */
  receive(): Promise<readonly QueueMessage[]>;
  delete(message: QueueMessage): Promise<void>;
  /** Makes messages visible again at once. */
  release(messages: readonly QueueMessage[]): Promise<void>;
}

const PARALLEL_MESSAGES = 10;
/** After so many receives in a row without a new message every message was read. */
const MAXIMUM_REPEATS = 10;

/**
 * Replays every message of a queue once. What was applied, is stale or settled, or is to be discarded is deleted, one
 * message at a time, only after it was found so; the rest stays hidden until the end, so that it does not come again, and
 * is given back then, whatever happens.
 * @param name names the queue in failures.
 * @throws the first error that is not a record's own; nothing that was not applied is deleted then.
 */
export async function redriveQueue(queue: MessageQueue, name: string, context: ReplayContext): Promise<void> {
  const kept = new Map<string, QueueMessage>();
  const done = new Set<string>();
  let repeats = 0;
  try {
    while (!context.signal.aborted) {
      const messages = await queue.receive();
      const fresh = messages.filter(({ id }) => !kept.has(id) && !done.has(id));
      // A message that came back, because its time to be hidden passed, has a new receipt.
      for (const message of messages) if (!done.has(message.id)) kept.set(message.id, message);
      if (messages.length === 0) return;
      // Known messages can come back before those that were not read yet; a queue of nothing else is read.
      repeats = fresh.length === 0 ? repeats + 1 : 0;
      if (repeats === MAXIMUM_REPEATS) return;
      await forEachBounded(fresh, PARALLEL_MESSAGES, async (message) => {
        const outcome = await replayMessage(message, name, context);
        if (!(await conclude([outcome], () => queue.delete(message), context))) return;
        kept.delete(message.id);
        done.add(message.id);
      });
    }
  } finally {
    await queue.release([...kept.values()]);
  }
}

async function replayMessage(
  { id, body }: QueueMessage,
  name: string,
  context: ReplayContext,
): Promise<Outcome> {
  const where = `${name}, message ${id}`;
  const record = recordInMessage(body);
  if (record) return replay(record, where, context);
  context.onProgress();
  return notReplayable(body, where, "The message holds no quarantined record.");
}
