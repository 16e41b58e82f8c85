import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { RegionalApp } from "../regional/regional-app";

/** Arguments of an audit trail. */
export interface AuditTrailArgs {
  readonly apps: readonly RegionalApp[];
  /** Provider of the home region of the trail, which covers every region. */
  readonly provider: aws.Provider;
  /** Whether a bucket that contains records cannot be deleted. */
  readonly protectData: boolean;
}

/** CloudTrail trail of all changes to tickets and AWS resources in every region, with its own bucket. */
export class AuditTrail extends pulumi.ComponentResource {
  constructor(name: string, args: AuditTrailArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("tickets:global:AuditTrail", name, {}, opts);
    const { apps, provider, protectData } = args;

    new awsx.cloudtrail.Trail(
      name,
      {
        isMultiRegionTrail: true,
        enableLogFileValidation: true,
        // By default awsx empties the bucket when the trail is deleted.
        s3Bucket: { args: { forceDestroy: !protectData } },
        // Fields: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
        advancedEventSelectors: [
          {
            name: "Changes of resources",
            fieldSelectors: [
              { field: "eventCategory", equals: ["Management"] },
              { field: "readOnly", equals: ["false"] },
            ],
          },
          {
            name: "Writes to the ticket tables",
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "readOnly", equals: ["false"] },
              { field: "resources.type", equals: ["AWS::DynamoDB::Table"] },
              { field: "resources.ARN", equals: apps.map(({ table }) => table.table.arn) },
            ],
          },
        ],
      },
      // A remote component, to which Pulumi passes only the providers listed here.
      { parent: this, providers: [provider] },
    );

    this.registerOutputs();
  }
}
