import { arnOf } from "../resource";
import { notMapped } from "./service-errors";
import {
  jsonBodyOf,
  stringOf,
  targetOperation,
  type RequiredPermission,
  type PermissionMapper,
  type AwsRequest,
} from "./aws-request";

/** IAM action, and the parameter that names the queue, by operation. A batch requires the action of its entries. */
const OPERATIONS: Readonly<Record<string, { action: string; queue: "QueueUrl" | "QueueName" | "none" }>> = {
  ChangeMessageVisibility: { action: "ChangeMessageVisibility", queue: "QueueUrl" },
  ChangeMessageVisibilityBatch: { action: "ChangeMessageVisibility", queue: "QueueUrl" },
  CreateQueue: { action: "CreateQueue", queue: "QueueName" },
  DeleteMessage: { action: "DeleteMessage", queue: "QueueUrl" },
  DeleteMessageBatch: { action: "DeleteMessage", queue: "QueueUrl" },
  DeleteQueue: { action: "DeleteQueue", queue: "QueueUrl" },
  GetQueueAttributes: { action: "GetQueueAttributes", queue: "QueueUrl" },
  GetQueueUrl: { action: "GetQueueUrl", queue: "QueueName" },
  ListQueues: { action: "ListQueues", queue: "none" },
  ListQueueTags: { action: "ListQueueTags", queue: "QueueUrl" },
  PurgeQueue: { action: "PurgeQueue", queue: "QueueUrl" },
  ReceiveMessage: { action: "ReceiveMessage", queue: "QueueUrl" },
  SendMessage: { action: "SendMessage", queue: "QueueUrl" },
  SendMessageBatch: { action: "SendMessage", queue: "QueueUrl" },
  SetQueueAttributes: { action: "SetQueueAttributes", queue: "QueueUrl" },
};

/**
 * Required permissions of SQS's operations, in the JSON protocol.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export class SqsPermissions implements PermissionMapper {
  /** @param kmsKeyOf returns the customer managed key that encrypts a queue. */
  constructor(private readonly kmsKeyOf: (resourceArn: string) => string | undefined) {}

  keyOf(_request: AwsRequest, resource: string): string | undefined {
    return this.kmsKeyOf(resource);
  }

  readsBody(): boolean {
    return true;
  }

  permissionsFor(request: AwsRequest): readonly RequiredPermission[] {
    const isJson = String(request.headers["content-type"]).startsWith("application/x-amz-json-1.0");
    const name =
      isJson && request.method === "POST" && request.path === "/"
        ? targetOperation(request, "AmazonSQS")
        : undefined;
    const operation = name !== undefined && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (!operation) throw notMapped(`sqs:${name ?? "an operation outside the JSON protocol"}`);
    const action = `sqs:${operation.action}`;
    if (operation.queue === "none") return [{ action, resource: "*" }];
    const queue = stringOf(jsonBodyOf(request), operation.queue);
    return [
      { action, resource: arnOf("sqs", request.scope.region, queue.slice(queue.lastIndexOf("/") + 1)) },
    ];
  }
}
