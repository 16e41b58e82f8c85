import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CommandError } from "../../command-line/command-error";
import type { StoredData } from "./stored-data";
import type { TeardownTarget } from "./target";

/**
 * Deletes all versions and delete markers of a bucket, a page of up to 1,000 at a time. A bucket that does not exist counts as empty.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html
 * @returns the number of deleted versions and markers.
 * @throws CommandError with the first object that S3 refuses to delete.
 */
export async function emptyBucket(
  target: TeardownTarget,
  bucket: StoredData,
  signal: AbortSignal,
): Promise<number> {
  return withClient(target, bucket, async (client) => {
    let count = 0;
    for (;;) {
      signal.throwIfAborted();
      // From the beginning each time, because the page before is deleted.
      const page = await client
        .send(new ListObjectVersionsCommand({ Bucket: bucket.name }))
        .catch(unlessMissing);
      const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
      if (found.length === 0) return count;
      const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket.name, Delete: { Objects, Quiet: true } }),
      );
      if (Errors.length > 0)
        throw new CommandError(
          `S3 did not delete ${Errors[0].Key} in the bucket ${bucket.name} (${Errors[0].Code}: ${Errors[0].Message}). ` +
            "Fix that, then run this command again.",
        );
      count += found.length;
    }
  });
}

/** Returns the command that deletes a bucket with everything in it. The AWS CLI has no single command for one with versions. */
export async function deletingCommand(target: TeardownTarget, bucket: StoredData): Promise<string> {
  const { name, region } = bucket;
  const remove = `aws s3 rb s3://${name} --force --region ${region}`;
  const isVersioned = await withClient(target, bucket, async (client) => {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: name }));
    return Status !== undefined;
    // The command for a bucket without versions says itself if it does not suffice.
  }).catch(() => false);
  if (!isVersioned) return remove;
  const versions = (list: string): string =>
    `aws s3api delete-objects --bucket ${name} --region ${region} --delete "$(aws s3api list-object-versions --bucket ${name} ` +
    `--region ${region} --max-items 500 --query '{Objects: ${list}[].{Key: Key, VersionId: VersionId}}' --output json)"`;
  return `${versions("Versions")}; ${versions("DeleteMarkers")}; ${remove} (repeat until the bucket is empty)`;
}

async function withClient<T>(
  target: TeardownTarget,
  bucket: StoredData,
  use: (client: S3Client) => Promise<T>,
): Promise<T> {
  const isCustom = target.isLocal || bucket.endpoint !== undefined;
  const client = new S3Client({ ...target.clientConfig(bucket, "s3"), forcePathStyle: isCustom });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

function unlessMissing(error: Error): undefined {
  if (error.name !== "NoSuchBucket") throw error;
  return undefined;
}
