import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { placed, type StoredData } from "./stored-data";
import type { TeardownTarget } from "./target";

/**
 * Deletes all versions and delete markers of a bucket, a page of up to 1,000 at a time. A bucket that does not exist counts as empty.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html
 * @returns the number of deleted versions and markers.
 * @throws CommandError with the first object that S3 refuses to delete, or with the call that failed.
 */
export async function emptyBucket(
  target: TeardownTarget,
  bucket: StoredData,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await withClient(target, bucket, (client) => deleteVersions(client, bucket, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `The bucket ${placed(bucket)} could not be emptied (${reasonOf(error)}). Fix the cause, then continue.`,
      { cause: error },
    );
  }
}

async function deleteVersions(
  client: S3Client,
  { name: Bucket }: StoredData,
  abortSignal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (;;) {
    abortSignal.throwIfAborted();
    // From the beginning each time, because the page before is deleted.
    const page = await client
      .send(new ListObjectVersionsCommand({ Bucket }), { abortSignal })
      .catch(unlessMissing);
    const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (found.length === 0) return count;
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      { abortSignal },
    );
    if (Errors.length > 0)
      throw new CommandError(
        `S3 did not delete ${Errors[0].Key} in the bucket ${Bucket} (${Errors[0].Code}: ${Errors[0].Message}). ` +
          "Fix that, then run this command again.",
      );
    count += found.length;
  }
}

/** Longest wait for the versioning of a bucket. */
const VERSIONING_MS = 10_000;

/**
 * Returns the command that deletes a bucket with everything in it, at the endpoint that the teardown uses. The AWS CLI has no single
 * command for one with versions.
 */
export async function deletingCommand(target: TeardownTarget, bucket: StoredData): Promise<string> {
  const { name, region } = bucket;
  const endpoint = target.endpointOf(bucket, "s3");
  const at =
    (region === undefined ? "" : ` --region ${region}`) +
    (endpoint === undefined ? "" : ` --endpoint-url ${endpoint}`);
  const remove = `aws s3 rb s3://${name} --force${at}`;
  const isVersioned = await withClient(target, bucket, async (client) => {
    const abortSignal = AbortSignal.timeout(VERSIONING_MS);
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: name }), { abortSignal });
    return Status !== undefined;
    // The command for a bucket without versions says itself if it does not suffice.
  }).catch(() => false);
  if (!isVersioned) return remove;
  const versions = (list: string): string =>
    `aws s3api delete-objects --bucket ${name}${at} --delete "$(aws s3api list-object-versions --bucket ${name}${at} ` +
    `--max-items 500 --query '{Objects: ${list}[].{Key: Key, VersionId: VersionId}}' --output json)"`;
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
