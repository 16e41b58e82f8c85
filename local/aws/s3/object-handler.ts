import { StringAsset } from "@pulumi/pulumi/asset";
import { isDeepStrictEqual } from "node:util";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { InjectedResponse } from "../sqs/fauxqs-app";
import type { Buckets } from "./buckets";
import { DEFAULT_CONTENT_TYPE, HEADER_OF_INPUT, objectPath, putObject } from "./objects";

type Inputs = DeclaredResource["inputs"];

/** Inputs of an object that have no effect here. */
const IGNORED_INPUTS = [
  "bucketKeyEnabled",
  "checksumAlgorithm",
  "etag",
  "forceDestroy",
  "kmsKeyId",
  "serverSideEncryption",
  "sourceHash",
  "tags",
];

/**
 * Resource handler of `aws:s3/bucketObjectv2:BucketObjectv2`. The key is the logical name if the program leaves it out. Creating an
 * object overwrites one with the same key, as on AWS.
 */
export function objectHandler(fauxqs: Pick<LocalFauxqs, "inject">, buckets: Buckets): ResourceHandler {
  const put = async (
    resource: Pick<DeclaredResource, "name" | "inputs">,
  ): Promise<CreatedResource["outputs"]> => {
    const { name: bucket, region } = buckets.named(resource.inputs.bucket);
    const key = keyOf(resource);
    return outputsOf(bucket, key, await putObject(fauxqs, region, bucket, key, resource.inputs));
  };
  return {
    updatable: ["content", "source", "metadata", ...Object.keys(HEADER_OF_INPUT), ...IGNORED_INPUTS],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
    maximumTags: 10,
    replacing: {
      bucket: "internal/service/s3/object.go:85",
      key: "internal/service/s3/object.go:166",
    },
    remedies: { region: "Give the object a provider of that region." },
    create: async (resource) => {
      const outputs = await put(resource);
      return { id: `${outputs.bucket}/${outputs.key}`, outputs };
    },
    read: async (resource) => {
      const { id, inputs, outputs } = resource;
      const bucket = buckets.find(inputs.bucket);
      if (!bucket) return undefined;
      const key = keyOf(resource);
      const request = { method: "GET", url: objectPath(bucket.name, key) } as const;
      const object = await fauxqs.inject(bucket.region, request);
      if (object.statusCode !== 200) return undefined;
      const etag = String(object.headers.etag).replaceAll('"', "");
      const isUnchanged = outputs.etag === undefined ? declaresContent(inputs) : etag === outputs.etag;
      const content = isUnchanged ? {} : contentInput(inputs, object);
      return {
        id,
        outputs: outputsOf(bucket.name, key, etag),
        inputs: { ...inputs, ...content, ...headerInputs(inputs, object) },
      };
    },
    update: ({ name }, inputs) => put({ name, inputs }),
    delete: async (resource) => {
      const bucket = buckets.find(resource.inputs.bucket);
      const url = objectPath(resource.inputs.bucket, keyOf(resource));
      if (bucket) await fauxqs.inject(bucket.region, { method: "DELETE", url });
    },
  };
}

function keyOf({ name, inputs }: Pick<DeclaredResource, "name" | "inputs">): string {
  return inputs.key ?? name;
}

function outputsOf(bucket: string, key: string, etag: string): CreatedResource["outputs"] {
  return { bucket, key, etag, arn: arnOf("s3", "", `${bucket}/${key}`) };
}

/** Returns whether inputs declare content. It counts as unchanged without a stored etag, as after an interrupted creation. An import declares none. */
function declaresContent({ source, content }: Inputs): boolean {
  return source !== undefined || content !== undefined;
}

/** Returns the input for content that another program stored. */
function contentInput(declared: Inputs, { body }: InjectedResponse): Inputs {
  return declared.content === undefined ? { source: new StringAsset(body) } : { content: body };
}

const METADATA = "x-amz-meta-";

/** Returns the inputs for headers that differ from the declared ones. */
function headerInputs(declared: Inputs, { headers }: InjectedResponse): Inputs {
  const changed: Record<string, unknown> = {};
  for (const [input, header] of Object.entries(HEADER_OF_INPUT)) {
    const expected = declared[input] ?? (input === "contentType" ? DEFAULT_CONTENT_TYPE : undefined);
    if (headers[header] !== expected) changed[input] = headers[header];
  }
  const metadata = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(METADATA))
      .map(([name, value]) => [name.slice(METADATA.length), String(value)]),
  );
  const expected = Object.entries((declared.metadata ?? {}) as object).map(([name, value]) => [
    name,
    String(value),
  ]);
  if (!isDeepStrictEqual(metadata, Object.fromEntries(expected))) changed.metadata = metadata;
  return changed;
}
