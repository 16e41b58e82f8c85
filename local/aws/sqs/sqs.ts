import { expectInputs } from "../inputs";
import type { LocalFauxqs } from "./fauxqs";
import { parsePolicy } from "../iam/policy";
import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";

/** Queue attributes by the inputs that set them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redrivePolicy: "RedrivePolicy",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

/** Inputs without effect here, such as encryption at rest. */
const IGNORED_INPUTS = [
  "kmsDataKeyReusePeriodSeconds",
  "kmsMasterKeyId",
  "region",
  "sqsManagedSseEnabled",
  "tags",
];

/** Emulation of SQS: standard queues of each region, in memory. */
export class LocalSqs implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:sqs/queue:Queue": (resource) => this.createQueue(resource),
    "aws:sqs/queuePolicy:QueuePolicy": (resource) => this.createQueuePolicy(resource),
  });

  private readonly urls = new Set<string>();

  /** @param options.endpointUrl AWS endpoint of the functions. Queue URLs begin with it, because SDKs send requests to them. */
  constructor(private readonly options: { readonly fauxqs: LocalFauxqs; readonly endpointUrl: string }) {}

  /** Base URL of a region's SQS, which checks no credentials. @throws Error for an unknown region. */
  endpoint(region: string): string {
    return this.options.fauxqs.endpoint(region);
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

  private async queuesOf(region: string): Promise<readonly QueueCounts[]> {
    const response = await this.options.fauxqs.inject(region, { method: "GET", url: "/_fauxqs/queues" });
    return JSON.parse(response.body) as readonly QueueCounts[];
  }

  /** Does not close fauxqs, which holds the queues; its owner does. */
  async close(): Promise<void> {
    this.urls.clear();
  }

  private async createQueue(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, ["name", ...Object.keys(ATTRIBUTES), ...IGNORED_INPUTS], {
      policy: "Use an aws.sqs.QueuePolicy.",
    });
    const name: string = resource.inputs.name ?? resource.physicalName;
    if (!/^[\w-]{1,80}$/.test(name))
      throw new Error(`The queue name ${JSON.stringify(name)} must be 1 to 80 letters, digits, _ or - long.`);
    const attributes = Object.entries(ATTRIBUTES)
      .filter(([input]) => resource.inputs[input] !== undefined)
      .map(([input, attribute]) => [attribute, String(resource.inputs[input])]);
    const url = await this.sendCreateQueue(resource.region, name, Object.fromEntries(attributes));
    this.urls.add(url);
    return { id: url, outputs: { url, name, arn: arnOf("sqs", resource.region, name) } };
  }

  private async sendCreateQueue(
    region: string,
    name: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<string> {
    const response = await this.options.fauxqs.inject(region, {
      method: "POST",
      url: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.CreateQueue",
        // The URL of the queue begins with the host of this request.
        host: new URL(this.options.endpointUrl).host,
      },
      payload: JSON.stringify({ QueueName: name, Attributes: attributes }),
    });
    const { QueueUrl: url, message } = JSON.parse(response.body) as { QueueUrl?: string; message?: string };
    if (response.statusCode === 200 && url !== undefined) return url;
    throw new Error(`The queue ${name} cannot be created: ${message ?? response.body}`);
  }

  private async createQueuePolicy(resource: DeclaredResource): Promise<CreatedResource> {
    const { queueUrl, policy } = resource.inputs;
    if (!this.urls.has(queueUrl)) throw new Error(`There is no queue ${queueUrl}.`);
    parsePolicy(policy, "resource", `the policy of queue ${queueUrl}`);
    return { id: queueUrl, outputs: {} };
  }
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
