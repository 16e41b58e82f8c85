import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { MessageQueue } from "./redrive-queue";

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
