import { evaluate } from "../iam/evaluate";
import {
  ACCOUNT,
  arnOf,
  type CreatedResource,
  type DeclaredResource,
  type ExistingResource,
  type LocalService,
  type ReadResource,
  type ResourceHandler,
} from "../resource";
import type { Bucket } from "../s3/bucket";
import { createTrailChildren } from "./trail-component";

/** Dependencies of {@link LocalCloudTrail}. */
export interface CloudTrailOptions {
  /** Returns the bucket of a name in any region, or undefined when there is none. */
  readonly bucketNamed: (name: string) => Pick<Bucket, "policy"> | undefined;
}

type Inputs = DeclaredResource["inputs"];

/** Inputs of a trail that change in place. */
const UPDATABLE = [
  ...["s3BucketName", "s3KeyPrefix", "snsTopicName", "kmsKeyId", "tags"],
  ...["advancedEventSelectors", "eventSelectors", "insightSelectors", "includeGlobalServiceEvents"],
  ...["enableLogging", "enableLogFileValidation", "isMultiRegionTrail", "isOrganizationTrail"],
];

/** Emulation of CloudTrail. A trail exists by name, with a bucket that accepts its records; no event is recorded. */
export class LocalCloudTrail implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:cloudtrail/trail:Trail": this.trailHandler(),
  };
  readonly remoteComponents: LocalService["remoteComponents"] = {
    "awsx:cloudtrail:Trail": createTrailChildren,
  };

  /** Inputs by ARN. */
  private readonly trails = new Map<string, Inputs>();

  constructor(private readonly options: CloudTrailOptions) {}

  async close(): Promise<void> {
    this.trails.clear();
  }

  private trailHandler(): ResourceHandler {
    return {
      updatable: UPDATABLE,
      unordered: [
        "advancedEventSelectors.fieldSelectors",
        "eventSelectors.excludeManagementEventSources",
        "insightSelectors",
      ],
      replacing: {
        name: "internal/service/cloudtrail/trail.go:244",
        region: "internal/provider/sdkv2/region.go:110",
      },
      remedies: Object.fromEntries(
        ["cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"].map((input) => [
          input,
          "Leave it out, or deploy to AWS; no event is recorded here.",
        ]),
      ),
      autoName: { input: "name", maxLength: 128 },
      create: async (resource) => this.createTrail(resource),
      read: async (resource) => this.readTrail(resource),
      update: async (resource, inputs) => this.updateTrail(resource, inputs),
      delete: async ({ id }) => void this.trails.delete(id),
    };
  }

  private createTrail({ inputs, region }: DeclaredResource): CreatedResource {
    const name: string = inputs.name;
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    if (!/^(?!.*[._-]{2})[a-z0-9][a-z0-9._-]{1,126}[a-z0-9]$/i.test(name))
      throw new Error(
        `InvalidTrailNameException: the trail name ${JSON.stringify(name)} must be 3 to 128 letters, digits, dots, ` +
          "hyphens or underscores long, begin and end with a letter or digit, and have no two adjacent punctuation characters.",
      );
    const arn = arnOf("cloudtrail", region, `trail/${name}`);
    if (this.trails.has(arn))
      throw new Error(`TrailAlreadyExistsException: the trail ${name} already exists in ${region}.`);
    this.checkBucket(arn, inputs);
    this.trails.set(arn, inputs);
    return { id: arn, outputs: outputsOf(arn, inputs, region) };
  }

  private readTrail({ id, region }: ExistingResource): ReadResource | undefined {
    const inputs = this.trails.get(id);
    return inputs && { id, inputs, outputs: outputsOf(id, inputs, region) };
  }

  private updateTrail({ id, region }: ExistingResource, inputs: Inputs): CreatedResource["outputs"] {
    if (!this.trails.has(id)) throw new Error(`TrailNotFoundException: there is no trail ${id}.`);
    this.checkBucket(id, inputs);
    this.trails.set(id, inputs);
    return outputsOf(id, inputs, region);
  }

  /**
   * Checks that the bucket exists and that its policy lets CloudTrail deliver, as CloudTrail does when a trail is created or updated:
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
   */
  private checkBucket(trailArn: string, { s3BucketName, s3KeyPrefix }: Inputs): void {
    const bucket = this.options.bucketNamed(s3BucketName);
    if (!bucket) throw new Error(`S3BucketDoesNotExistException: there is no bucket ${s3BucketName}.`);
    const bucketArn = arnOf("s3", "", s3BucketName);
    const folder = s3KeyPrefix ? `${s3KeyPrefix}/AWSLogs` : "AWSLogs";
    const isAllowed = ([action, resource]: readonly [string, string]): boolean =>
      evaluate(bucket.policy, {
        action,
        resource,
        principal: { type: "Service", value: "cloudtrail.amazonaws.com" },
        context: {
          "aws:SecureTransport": "true",
          "aws:SourceArn": trailArn,
          "aws:SourceAccount": ACCOUNT,
          "s3:x-amz-acl": "bucket-owner-full-control",
        },
      }) === "allowed";
    const needed = [
      ["s3:GetBucketAcl", bucketArn],
      ["s3:PutObject", `${bucketArn}/${folder}/${ACCOUNT}/CloudTrail/events.json.gz`],
    ] as const;
    const denied = needed.find((one) => !isAllowed(one));
    if (denied)
      throw new Error(
        `InsufficientS3BucketPolicyException: the policy of bucket ${s3BucketName} does not allow ` +
          `cloudtrail.amazonaws.com ${denied[0]} on ${denied[1]}. Let the trail depend on a BucketPolicy that does.`,
      );
  }
}

function outputsOf(arn: string, inputs: Inputs, region: string): CreatedResource["outputs"] {
  return {
    arn,
    name: inputs.name,
    region,
    homeRegion: region,
    s3BucketName: inputs.s3BucketName,
    enableLogging: inputs.enableLogging ?? true,
    enableLogFileValidation: inputs.enableLogFileValidation ?? false,
    includeGlobalServiceEvents: inputs.includeGlobalServiceEvents ?? true,
    isMultiRegionTrail: inputs.isMultiRegionTrail ?? false,
    isOrganizationTrail: inputs.isOrganizationTrail ?? false,
  };
}
