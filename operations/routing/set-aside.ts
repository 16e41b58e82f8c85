import type { S3Client } from "@aws-sdk/client-s3";
import { failureObjects } from "../redrive/failure-objects";

/** More objects than this are not counted on. */
const MAXIMUM_COUNTED = 1000;

/** How many objects an on-failure bucket holds, up to a thousand. */
export async function countObjects(client: S3Client, bucket: string): Promise<number> {
  let count = 0;
  for await (const key of failureObjects(client, bucket).keys())
    if (key !== "" && ++count === MAXIMUM_COUNTED) break;
  return count;
}
