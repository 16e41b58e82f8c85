import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { Deployment } from "../cli/deployment";

/**
 * Time by which the counts of a queue can lag on AWS, in seconds: they "may not achieve consistency until at least 1 minute after the
 * producers stop". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
const COUNT_LAG_SECONDS = 60;
/** AWS gives no maximum, so a confirmation waits for longer than the lag. */
const MARGIN = 1.2;
const MAXIMUM_STEP_MS = 5000;
/** Long polling queries all SQS servers, so that an empty response means that no message is visible. */
const WAIT_SECONDS = 1;
const MAXIMUM_RECEIVED = 10;

/** Number of messages in a queue: visible ones, and ones hidden by a reader. */
export interface MessageCount {
  readonly visible: number;
  readonly hidden: number;
}

/** Returns the time by which the counts of a deployment's queues can lag, in seconds. */
export function countLagSeconds({ naming }: Pick<Deployment, "naming">): number {
  return naming.local?.queueCountLagSeconds ?? COUNT_LAG_SECONDS;
}

/** Counts the messages of a queue, as of up to a minute ago. @throws CommandError if it cannot be read. */
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

/** Queue whose messages are counted. */
export interface CountedQueue {
  count(): Promise<MessageCount>;
  /** Receives up to 10 messages without hiding them; returns their number. */
  peek(): Promise<number>;
}

/**
 * Opens a queue in SQS.
 * @param lagSeconds time by which its counts can lag. The queue of a local cloud without a lag has one server, so nothing is polled for long.
 */
export function countedQueue(client: SQSClient, QueueUrl: string, lagSeconds: number): CountedQueue {
  return {
    count: () => countMessages(client, QueueUrl),
    async peek() {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MAXIMUM_RECEIVED,
          VisibilityTimeout: 0,
          WaitTimeSeconds: lagSeconds === 0 ? 0 : WAIT_SECONDS,
        }),
      );
      return Messages.length;
    },
  };
}

/** Time of a confirmation. */
export interface ConfirmationOptions {
  /** Time by which the counts can lag, in seconds. */
  readonly lagSeconds: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Counts the messages that were in a queue when the call began. Returns at once if a message can be received. Otherwise the messages
 * may all be hidden, for example by a redrive that runs, and the counts may be older than that. So it waits until the counts cannot be
 * older than the call, and receives meanwhile: a message that was hidden at the beginning is then counted, whether it is hidden or visible.
 * @throws the abort reason of the signal; CommandError or the AWS error if the queue cannot be read.
 */
export async function confirmedCount(
  queue: CountedQueue,
  { lagSeconds, sleep, signal }: ConfirmationOptions,
): Promise<MessageCount> {
  const waitMs = lagSeconds * 1000 * MARGIN;
  for (let waited = 0; ;) {
    const received = await queue.peek();
    signal.throwIfAborted();
    if (received > 0) {
      const { visible, hidden } = await queue.count();
      // A message that was just received can still be counted as hidden.
      return { visible: Math.max(visible + hidden, received), hidden: 0 };
    }
    if (waited >= waitMs) return queue.count();
    const step = Math.min(MAXIMUM_STEP_MS, waitMs - waited);
    await sleep(step);
    waited += step;
  }
}
