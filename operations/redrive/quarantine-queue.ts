import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { forEachBounded } from "../../functions/shared/for-each-bounded";
import { recordInMessage } from "../../functions/replication/quarantined-record";
import { conclude } from "./conclude";
import { notReplayable, type Outcome, replay, type ReplayContext } from "./replay";

/** Received message. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** Receipt handle, which deletes or releases the message. */
  readonly receipt: string;
}

/** Quarantine queue. */
export interface MessageQueue {
  /** Receives up to 10 messages and hides them from other readers; returns none if none is visible. */
  receive(): Promise<readonly QueueMessage[]>;
  delete(message: QueueMessage): Promise<void>;
  /** Makes messages visible again. */
  release(messages: readonly QueueMessage[]): Promise<void>;
}

const PARALLEL_MESSAGES = 10;
/** After this number of consecutive receives without a new message, all messages have been read. */
const MAXIMUM_REPEATS = 10;

/**
 * Replays every message of a queue once. Deletes each message whose record is applied, stale, settled or discarded. The others
 * stay hidden until the end, so that they are not received again, and are then released, also after an error.
 * @param name name of the queue in messages.
 * @throws the first error that is not caused by a record; messages that were not processed stay in the queue.
 */
export async function redriveQueue(queue: MessageQueue, name: string, context: ReplayContext): Promise<void> {
  const kept = new Map<string, QueueMessage>();
  const done = new Set<string>();
  let repeats = 0;
  try {
    while (!context.signal.aborted) {
      const messages = await queue.receive();
      const fresh = messages.filter(({ id }) => !kept.has(id) && !done.has(id));
      // A message received again after its visibility timeout has a new receipt handle.
      for (const message of messages) if (!done.has(message.id)) kept.set(message.id, message);
      if (messages.length === 0) return;
      // Known messages can be received again before new ones. Many receives of only known messages mean that no new one is left.
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

/** Maximum messages per call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MESSAGES = 10;
/** Long polling queries all SQS servers, so that an empty response means an empty queue. */
const WAIT_SECONDS = 1;

/**
 * Opens a queue in SQS.
 * @param hiddenSeconds visibility timeout of received messages that are not released, for example after the command was killed.
 */
export function sqsQueue(client: SQSClient, QueueUrl: string, hiddenSeconds: number): MessageQueue {
  return {
    async receive() {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MESSAGES,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: WAIT_SECONDS,
        }),
      );
      return Messages.map(({ MessageId = "", Body = "", ReceiptHandle = "" }) => {
        return { id: MessageId, body: Body, receipt: ReceiptHandle };
      });
    },

    async delete({ receipt }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },

    async release(messages) {
      for (let start = 0; start < messages.length; start += MESSAGES) {
        const Entries = messages.slice(start, start + MESSAGES).map(({ receipt }, index) => {
          return { Id: String(index), ReceiptHandle: receipt, VisibilityTimeout: 0 };
        });
        // Entries fail only if their visibility timeout has already passed.
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },
  };
}
