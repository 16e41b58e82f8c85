import type { FauxqsApp, FauxqsRequest } from "./fauxqs-app";

/** Counts of messages of a queue, as GetQueueAttributes returns them. */
interface Counts {
  readonly ApproximateNumberOfMessages: string;
  readonly ApproximateNumberOfMessagesNotVisible: string;
  readonly ApproximateNumberOfMessagesDelayed: string;
}

const EMPTY: Counts = {
  ApproximateNumberOfMessages: "0",
  ApproximateNumberOfMessagesNotVisible: "0",
  ApproximateNumberOfMessagesDelayed: "0",
};

/** Operations that change the counts of a queue. */
const CHANGING =
  /^AmazonSQS\.(SendMessage|ReceiveMessage|DeleteMessage|ChangeMessageVisibility|PurgeQueue|DeleteQueue)(Batch)?$/;

/**
 * Makes GetQueueAttributes return the counts of messages of some time ago. On AWS the counts are approximate and need at least a minute
 * to become consistent: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 * @param lagMs age of the counts, in milliseconds; 0 for current ones.
 * @param now milliseconds; replaced in tests.
 */
export function delayCounts(
  app: Pick<FauxqsApp, "addHook" | "inject">,
  lagMs: number,
  now: () => number = () => performance.now(),
): void {
  if (lagMs === 0) return;
  const histories = new Map<string, { readonly at: number; readonly counts: Counts }[]>();
  const record = async (queue: string): Promise<void> => {
    const counts = await currentCounts(app, queue);
    if (!counts) return void histories.delete(queue);
    const at = now();
    const history = histories.get(queue) ?? [{ at: -Infinity, counts: EMPTY }];
    // The newest of the old entries is still the answer.
    const from = Math.max(
      0,
      history.findLastIndex((entry) => entry.at <= at - lagMs),
    );
    histories.set(queue, [...history.slice(from), { at, counts }]);
  };
  app.addHook("onSend", (request, reply, payload, done) => {
    const queue = queueOf(request);
    const operation = String(request.headers["x-amz-target"]);
    if (queue === undefined || reply.statusCode !== 200) return done(null, payload);
    if (CHANGING.test(operation)) return void record(queue).finally(() => done(null, payload));
    const history = histories.get(queue) ?? [];
    const known = history.findLastIndex(({ at }) => at <= now() - lagMs);
    // Without a newer change, the counts of fauxqs also have the messages that have become visible again.
    if (operation !== "AmazonSQS.GetQueueAttributes" || known === history.length - 1)
      return done(null, payload);
    done(null, withCounts(String(payload), history[known].counts));
  });
}

function queueOf({ body }: FauxqsRequest): string | undefined {
  const { QueueUrl } = (body ?? {}) as { readonly QueueUrl?: unknown };
  return typeof QueueUrl === "string" ? QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1) : undefined;
}

async function currentCounts(app: Pick<FauxqsApp, "inject">, name: string): Promise<Counts | undefined> {
  const { body } = await app.inject({ method: "GET", url: "/_fauxqs/queues" });
  const queue = (JSON.parse(body) as ListedQueue[]).find(({ arn }) => arn.endsWith(`:${name}`));
  return (
    queue && {
      ApproximateNumberOfMessages: String(queue.approximateMessageCount),
      ApproximateNumberOfMessagesNotVisible: String(queue.approximateInflightCount),
      ApproximateNumberOfMessagesDelayed: String(queue.approximateDelayedCount),
    }
  );
}

interface ListedQueue {
  readonly arn: string;
  readonly approximateMessageCount: number;
  readonly approximateInflightCount: number;
  readonly approximateDelayedCount: number;
}

/** Returns the response of GetQueueAttributes with other counts, of those that were requested. */
function withCounts(payload: string, counts: Counts): string {
  const response = JSON.parse(payload) as { Attributes?: Record<string, string> };
  for (const [name, value] of Object.entries(counts))
    if (response.Attributes?.[name] !== undefined) response.Attributes[name] = value;
  return JSON.stringify(response);
}
