import { arnOf } from "../resource";
import { notMapped, ServiceError } from "./service-errors";
import { type RequiredPermission, type PermissionMapper, type AwsRequest } from "./aws-request";

/** Query parameters that do not select an operation. */
const PLAIN_PARAMETER =
  /^(x-id|list-type|prefix|delimiter|max-keys|marker|continuation-token|start-after|encoding-type|fetch-owner|response-.*|x-amz-.*)$/i;

/** IAM actions by method and the query parameters that select the operation. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  "GET ": "ListBucket",
  "HEAD ": "ListBucket",
  "PUT ": "CreateBucket",
  "DELETE ": "DeleteBucket",
};
const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  "GET ": "GetObject",
  "HEAD ": "GetObject",
  "PUT ": "PutObject",
  "DELETE ": "DeleteObject",
  "POST uploads": "PutObject",
  "PUT partNumber,uploadId": "PutObject",
  "POST uploadId": "PutObject",
  "DELETE uploadId": "AbortMultipartUpload",
};

/**
 * Required permissions of S3's operations, for path-style requests.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export class S3Permissions implements PermissionMapper {
  /** @param kmsKeyOf returns the customer managed key that encrypts new objects of a bucket. */
  constructor(private readonly kmsKeyOf: (resourceArn: string) => string | undefined) {}

  keyOf(_request: AwsRequest, resource: string): string | undefined {
    return this.kmsKeyOf(resource);
  }

  readsBody(): boolean {
    return false;
  }

  permissionsFor(request: AwsRequest): readonly RequiredPermission[] {
    const { bucket, key } = bucketAndKey(request.path);
    const chosenBy = [...request.query.keys()].filter((name) => !PLAIN_PARAMETER.test(name));
    const operation = `${request.method} ${chosenBy.sort().join(",")}`;
    if (bucket === "" && operation === "GET ") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
    if (bucket === "") throw notMapped(`S3's ${operation.trim()} without a bucket`);
    const name = (key === "" ? BUCKET_ACTIONS : OBJECT_ACTIONS)[operation];
    if (!name) throw notMapped(`S3's ${operation.trim()} on ${key === "" ? "a bucket" : "an object"}`);
    const context = contextOf(request);
    const main: RequiredPermission = { action: `s3:${name}`, resource: s3Arn(bucket, key), context };
    return [main, ...additionalPermissions(request, name, main)];
  }
}

/** Permissions besides the main one: to read the source of a copy, and to set an ACL or tags in the headers. */
function additionalPermissions(
  request: AwsRequest,
  name: string,
  main: RequiredPermission,
): RequiredPermission[] {
  if (name !== "PutObject") return [];
  const further: RequiredPermission[] = [];
  const source = request.headers["x-amz-copy-source"];
  if (source !== undefined) {
    const from = bucketAndKey(`/${String(source).replace(/^\//, "")}`);
    further.push({ action: "s3:GetObject", resource: s3Arn(from.bucket, from.key) });
  }
  if (request.headers["x-amz-acl"] !== undefined) further.push({ ...main, action: "s3:PutObjectAcl" });
  if (request.headers["x-amz-tagging"] !== undefined)
    further.push({ ...main, action: "s3:PutObjectTagging" });
  return further;
}

function contextOf(request: AwsRequest): RequiredPermission["context"] {
  const context: Record<string, string> = {};
  for (const parameter of ["prefix", "delimiter", "max-keys"]) {
    const value = request.query.get(parameter);
    if (value !== null) context[`s3:${parameter}`] = value;
  }
  for (const header of ["x-amz-acl", "x-amz-server-side-encryption"]) {
    const value = request.headers[header];
    if (value !== undefined) context[`s3:${header}`] = String(value);
  }
  return context;
}

function s3Arn(bucket: string, key: string): string {
  return arnOf("s3", "", key === "" ? bucket : `${bucket}/${key}`);
}

function bucketAndKey(path: string): { bucket: string; key: string } {
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/s.exec(path) as RegExpExecArray;
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new ServiceError(400, "InvalidURI", `The path ${path} has an invalid percent-encoding.`);
  }
}
