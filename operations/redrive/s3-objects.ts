import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { ObjectStore } from "./redrive-objects";

/** Where Lambda stores failed invocations: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const PREFIX = "aws/lambda/";

/** The on-failure objects of a bucket. */
export function failureObjects(client: S3Client, Bucket: string): ObjectStore {
  return {
    async *keys() {
      let ContinuationToken: string | undefined;
      do {
        const input = { Bucket, Prefix: PREFIX, ContinuationToken };
        const page = await client.send(new ListObjectsV2Command(input));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },

    async read(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if ((error as Error).name === "NoSuchKey") return undefined;
        throw error;
      }
    },

    async delete(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

/** @throws CommandError when the bucket cannot be read. */
export async function checkBucket(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new HeadBucketCommand({ Bucket })).catch((error) => {
    throw new CommandError(`The bucket ${Bucket} cannot be read (${reasonOf(error)}).`, { cause: error });
  });
}
