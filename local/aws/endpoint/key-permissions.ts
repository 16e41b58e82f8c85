import type { AwsRequest, PermissionMapper, RequiredPermission } from "./aws-request";

/** Actions on the KMS key that encrypts a resource, by the action on the resource. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  // Every access decrypts the key of the table, also a write: https://github.com/aws/aws-cdk/issues/10010 and
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
  ...Object.fromEntries(
    [
      ...["GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"],
      ...["Query", "Scan", "BatchGetItem", "BatchWriteItem", "GetRecords"],
    ].map((operation) => [`dynamodb:${operation}`, ["kms:Decrypt"]]),
  ),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
  "sqs:SendMessage": ["kms:GenerateDataKey", "kms:Decrypt"],
  "sqs:ReceiveMessage": ["kms:Decrypt"],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
  "s3:PutObject": ["kms:GenerateDataKey"],
  "s3:GetObject": ["kms:Decrypt"],
};

/**
 * Returns the permissions that a request requires on customer managed keys of KMS. The service uses a key for the caller, so the caller's
 * role must allow it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export async function keyPermissions(
  request: AwsRequest,
  mapper: PermissionMapper,
  permissions: readonly RequiredPermission[],
): Promise<RequiredPermission[]> {
  const required = new Map<string, RequiredPermission>();
  for (const { action, resource } of permissions) {
    if (!Object.hasOwn(KEY_ACTIONS, action)) continue;
    const key = await mapper.keyOf?.(request, resource);
    if (key === undefined) continue;
    const context = { "kms:ViaService": `${action.split(":")[0]}.${request.scope.region}.amazonaws.com` };
    for (const keyAction of KEY_ACTIONS[action])
      required.set(`${keyAction} ${key}`, { action: keyAction, resource: key, context });
  }
  return [...required.values()];
}
