import * as aws from "@pulumi/aws";
import { PolicyStatement } from "./policy";

/** Services that store tickets, by the name in their endpoint. */
type StoringService = "dynamodb" | "s3" | "sqs";

/**
 * Returns the encryption of a table: with the KMS key, or with a key that AWS owns. Only `enabled: false` selects that one; without the
 * argument an existing table keeps its key. `enabled: true` without a key would select the AWS managed key of the account, which costs
 * as much as a customer managed key and cannot be shared with another account.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html
 */
export function tableEncryption(
  kmsKeyArn: string | undefined,
): aws.types.input.dynamodb.TableServerSideEncryption {
  return kmsKeyArn ? { enabled: true, kmsKeyArn } : { enabled: false };
}

/**
 * Returns the encryption of a bucket: with the KMS key, or with a key of S3. With a bucket key, S3 calls KMS once per period instead of
 * once per object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export function bucketEncryption(
  kmsKeyArn: string | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (!kmsKeyArn) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
    bucketKeyEnabled: true,
  };
}

/**
 * Returns the permission to use a KMS key through a service, which checks it with the identity of the caller. A role cannot use the key
 * in any other way. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 * @param kmsKeyArn absent for a key that AWS owns, which needs no permission.
 */
export function useDataKey(
  kmsKeyArn: string | undefined,
  service: StoringService,
  ...actions: readonly `kms:${string}`[]
): PolicyStatement[] {
  if (!kmsKeyArn) return [];
  const region = kmsKeyArn.split(":")[3];
  return [
    {
      actions,
      resources: [kmsKeyArn],
      condition: { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } },
    },
  ];
}
