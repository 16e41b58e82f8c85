import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { EngineCloud } from "./engine-cloud";

const REGION = "eu-west-1";
const KEY = "AWSLogs/record.json.gz";

/** Stores an object in a bucket of Ireland, as CloudTrail or a function does that delivers a record. */
export async function deliverRecord(cloud: EngineCloud, Bucket: string): Promise<void> {
  const client = clientOf(cloud);
  await client.send(new PutObjectCommand({ Bucket, Key: KEY, Body: "{}" }));
  client.destroy();
}

/** Deletes the object of `deliverRecord`, as an operator does who empties the bucket. */
export async function deleteRecord(cloud: EngineCloud, Bucket: string): Promise<void> {
  const client = clientOf(cloud);
  await client.send(new DeleteObjectCommand({ Bucket, Key: KEY }));
  client.destroy();
}

/** Returns the number of objects in a bucket of Ireland. */
export async function recordsOf(cloud: EngineCloud, Bucket: string): Promise<number> {
  const client = clientOf(cloud);
  const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket }));
  client.destroy();
  return KeyCount;
}

function clientOf({ host: { services } }: EngineCloud): S3Client {
  return new S3Client({
    ...{ region: REGION, endpoint: services.s3.endpoint(REGION), forcePathStyle: true },
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}
