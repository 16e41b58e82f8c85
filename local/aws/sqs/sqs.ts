import type { LocalFauxqs } from "./fauxqs";
import { queueHandler } from "./queue-handler";
import { queuePolicyHandler } from "./queue-policy-handler";
import type { Statement } from "../iam/policy";
import type { LocalService } from "../resource";

/** Emulation of SQS: standard queues of each region, in memory. */
export class LocalSqs implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];
  /** By ARN of the queue. */
  private readonly kmsKeys = new Map<string, string>();
  /** By ARN of the queue. */
  private readonly policies = new Map<string, readonly Statement[]>();

  /** @param options.endpointUrl AWS endpoint of the functions. Queue URLs begin with it, because SDKs send requests to them. */
  constructor(private readonly options: { readonly fauxqs: LocalFauxqs; readonly endpointUrl: string }) {
    this.resourceHandlers = {
      "aws:sqs/queue:Queue": queueHandler(options.fauxqs, options.endpointUrl, this.kmsKeys, this.policies),
      "aws:sqs/queuePolicy:QueuePolicy": queuePolicyHandler(options.fauxqs, this.policies),
    };
  }

  /** Base URL of a region's SQS, which checks no credentials. @throws Error for an unknown region. */
  endpoint(region: string): string {
    return this.options.fauxqs.endpoint(region);
  }

  /** Returns the ARN of the KMS key that encrypts a queue; undefined without one. */
  kmsKeyOf(queueArn: string): string | undefined {
    return this.kmsKeys.get(queueArn);
  }

  /** Returns the policy of a queue; undefined without one. */
  policyOf(queueArn: string): readonly Statement[] | undefined {
    return this.policies.get(queueArn);
  }

  /**
   * Returns the number of messages in a queue: visible, in flight and delayed.
   * @throws Error when the queue does not exist.
   */
  async depth(queueArn: string): Promise<number> {
    const queues = await this.queuesOf(queueArn.split(":")[3]);
    const queue = queues.find(({ arn }) => arn === queueArn);
    if (!queue) throw new Error(`There is no queue ${queueArn}.`);
    return messagesIn(queue);
  }

  /** Returns the number of messages in all queues of a region. */
  async totalDepth(region: string): Promise<number> {
    return (await this.queuesOf(region)).reduce((sum, queue) => sum + messagesIn(queue), 0);
  }

  /**
   * Returns the messages of a queue without receiving them, so that no reader is affected. Real SQS cannot do that.
   * @throws Error when the queue does not exist.
   */
  async messages(region: string, queueUrl: string): Promise<readonly QueuedMessage[]> {
    const name = new URL(queueUrl).pathname.split("/").at(-1) ?? "";
    const url = `/_fauxqs/queues/${encodeURIComponent(name)}`;
    const response = await this.options.fauxqs.inject(region, { method: "GET", url });
    if (response.statusCode !== 200) throw new Error(`There is no queue ${queueUrl} in ${region}.`);
    const { messages } = JSON.parse(response.body) as InspectedQueue;
    const { ready, delayed, inflight } = messages;
    return [
      ...ready.map((message) => ({ message, isHidden: false })),
      ...[...delayed, ...inflight.map(({ message }) => message)].map((message) => ({
        message,
        isHidden: true,
      })),
    ].map(({ message, isHidden }) => {
      const { messageId: id, body, sentTimestamp: sentAt } = message;
      return { id, body, sentAt, isHidden };
    });
  }

  private async queuesOf(region: string): Promise<readonly QueueCounts[]> {
    const response = await this.options.fauxqs.inject(region, { method: "GET", url: "/_fauxqs/queues" });
    return JSON.parse(response.body) as readonly QueueCounts[];
  }

  /** Does not close fauxqs, which holds the queues; its owner does. */
  async close(): Promise<void> {}
}

/** Message in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** Whether a reader has received it, or it is delayed. */
  readonly isHidden: boolean;
}

/** Message as fauxqs returns it. */
interface InspectedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentTimestamp: number;
}

interface InspectedQueue {
  readonly messages: {
    readonly ready: readonly InspectedMessage[];
    readonly delayed: readonly InspectedMessage[];
    readonly inflight: readonly { readonly message: InspectedMessage }[];
  };
}

interface QueueCounts {
  readonly arn: string;
  readonly approximateMessageCount: number;
  readonly approximateInflightCount: number;
  readonly approximateDelayedCount: number;
}

function messagesIn({
  approximateMessageCount,
  approximateInflightCount,
  approximateDelayedCount,
}: QueueCounts): number {
  return approximateMessageCount + approximateInflightCount + approximateDelayedCount;
}
