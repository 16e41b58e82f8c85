import { S3Client } from "@aws-sdk/client-s3";
import { LocalFauxqs } from "../../../local/aws/sqs/fauxqs";
import { Regions } from "../../../local/aws/regions";
import { LocalS3, type LocalS3Options } from "../../../local/aws/s3/s3";

/** S3 of two regions. */
export interface OpenS3 {
  readonly regions: Regions;
  readonly s3: LocalS3;
  close(): Promise<void>;
}

/** Starts S3 in `eu-west-1` (ireland) and `ap-southeast-1` (singapore). */
export async function openS3(
  options: Pick<LocalS3Options, "websitePorts" | "frontend"> = {},
): Promise<OpenS3> {
  const regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  const fauxqs = await LocalFauxqs.start(regions);
  const s3 = new LocalS3({ fauxqs, regions, log: () => undefined, ...options });
  const close = async (): Promise<void> => {
    await s3.close();
    await fauxqs.close();
  };
  return { regions, s3, close };
}

/** Returns a client of the S3 of `eu-west-1`, which the caller destroys. */
export function s3Client({ s3 }: OpenS3): S3Client {
  return new S3Client({
    region: "eu-west-1",
    endpoint: s3.endpoint("eu-west-1"),
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    forcePathStyle: true,
    maxAttempts: 1,
  });
}
