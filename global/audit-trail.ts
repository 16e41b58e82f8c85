import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { AuditTrailConfig } from "../config/audit";
import { keepVersions } from "../regional/bucket-versions";
import { bucketEncryption } from "../regional/data-key";
import { publicAccessBlock } from "../regional/public-access";
import { RegionalApp } from "../regional/regional-app";

/** Time for which a record that was deleted can be restored. */
const NONCURRENT_DAYS = 30;

/** Arguments of an audit trail. */
export interface AuditTrailArgs extends AuditTrailConfig {
  readonly apps: readonly RegionalApp[];
  /** Providers by region alias. */
  readonly providers: Readonly<Record<string, aws.Provider>>;
}

/**
 * CloudTrail trail of all changes to tickets, and if configured of AWS resources, in every region. Its home is the region whose alias is
 * first in the alphabet, so that another order of the regions does not move it.
 *
 * The bucket stays when the trail is turned off or the stack is destroyed: what it holds is evidence, and a bucket that is not empty
 * cannot be deleted. Its settings stay with it, so the records stay private and expire as configured.
 *
 * The component of awsx writes the policy of the bucket, and a bucket has one policy, so it names no source and does not require TLS:
 * https://github.com/pulumi/pulumi-awsx/blob/e60adf3c/awsx/cloudtrail/trail.ts
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, args: AuditTrailArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("tickets:global:AuditTrail", name, {}, opts);
    const { managementEvents, providers, retentionDays } = args;
    const apps = [...args.apps].sort((one, other) => (one.region.name < other.region.name ? -1 : 1));
    const provider = providers[apps[0].region.name];

    this.bucket = this.createBucket(name, retentionDays, provider);
    new awsx.cloudtrail.Trail(
      name,
      {
        isMultiRegionTrail: true,
        enableLogFileValidation: true,
        // With only the name, awsx writes a policy for an ARN that no bucket has: `arnFromName` in awsx/s3/bucket.ts of
        // https://github.com/pulumi/pulumi-awsx
        s3Bucket: { existing: { arn: this.bucket.arn } },
        // Fields: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
        advancedEventSelectors: [...(managementEvents ? [CHANGES_OF_RESOURCES] : []), writesTo(apps)],
      },
      // A remote component, to which Pulumi passes only the providers listed here.
      { parent: this, providers: [provider] },
    );

    this.registerOutputs({ bucket: this.bucket });
  }

  private createBucket(name: string, days: number, provider: aws.Provider): aws.s3.Bucket {
    const opts = { parent: this, provider, retainOnDelete: true };
    // The component of awsx created the bucket before.
    const trail = pulumi.createUrn(name, "awsx:cloudtrail:Trail", this.urn);
    const bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: false },
      { ...opts, aliases: [pulumi.createUrn(name, "aws:s3/bucket:Bucket", trail)] },
    );
    publicAccessBlock(name, { bucket, isPublic: false }, opts);
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      // With a key of the customer, CloudTrail stores nothing unless the policy of the key lets it.
      { bucket: bucket.id, rules: [bucketEncryption(undefined)] },
      opts,
    );
    keepVersions(name, bucket, { days, noncurrentDays: NONCURRENT_DAYS }, opts);
    return bucket;
  }
}

type EventSelector = aws.types.input.cloudtrail.TrailAdvancedEventSelector;

/**
 * Management events. CloudTrail delivers one copy of them per region without charge; each further one costs $2 per 100,000 events, and
 * most accounts have a trail: https://aws.amazon.com/cloudtrail/pricing/
 */
const CHANGES_OF_RESOURCES: EventSelector = {
  name: "Changes of resources",
  fieldSelectors: [
    { field: "eventCategory", equals: ["Management"] },
    { field: "readOnly", equals: ["false"] },
  ],
};

function writesTo(apps: readonly RegionalApp[]): EventSelector {
  return {
    name: "Writes to the ticket tables",
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "readOnly", equals: ["false"] },
      { field: "resources.type", equals: ["AWS::DynamoDB::Table"] },
      { field: "resources.ARN", equals: apps.map(({ table }) => table.table.arn) },
    ],
  };
}
