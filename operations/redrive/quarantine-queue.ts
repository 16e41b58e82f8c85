import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { forEachBounded } from "../../functions/replication/for-each-bounded";
import { recordInMessage } from "../../functions/replication/quarantined-record";
import { CommandError, reasonOf } from "../../command-line/command-error";
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

/** Messages of one call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MESSAGES = 10;
/** With a wait SQS asks all of its servers, so that an empty answer means an empty queue. */
const WAIT_SECONDS = 1;

/**
 * A queue in SQS.
 * @param hiddenSeconds how long a received message is hidden unless it is given back: what a command that is killed leaves behind.
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
        // An entry that fails is one whose time to be hidden has passed already.
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },
  };
}

/** About how many messages a queue holds: those that can be read now, and those that another reader hides. */
export interface MessageCount {
  readonly visible: number;
  readonly hidden: number;
}

/** @throws CommandError when the queue cannot be read. */
export async function countMessages(client: SQSClient, QueueUrl: string): Promise<MessageCount> {
  const AttributeNames = [
    "ApproximateNumberOfMessages" as const,
    "ApproximateNumberOfMessagesNotVisible" as const,
  ];
  try {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return {
      visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
      hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  } catch (error) {
    throw new CommandError(`The queue ${QueueUrl} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}
