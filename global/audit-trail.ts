import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { RegionalApp } from "../regional/regional-app";

/** What an audit trail needs. */
export interface AuditTrailArgs {
  readonly apps: readonly RegionalApp[];
  /** Where the trail is at home; it covers every region. */
  readonly provider: aws.Provider;
  /** Whether its bucket refuses to be deleted with records in it. */
  readonly protectData: boolean;
}

/** Records who changed the tickets, the tables and the rest of the account, in every region, in a bucket of its own. */
export class AuditTrail extends pulumi.ComponentResource {
  constructor(name: string, args: AuditTrailArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("tickets:global:AuditTrail", name, {}, opts);
    const { apps, provider, protectData } = args;

    new awsx.cloudtrail.Trail(
      name,
      {
        isMultiRegionTrail: true,
        enableLogFileValidation: true,
        // Left out, awsx would empty the bucket when the trail goes.
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
      // Made in a plugin of its own, which Pulumi's SDK tells of no provider but those named here.
      { parent: this, providers: [provider] },
    );

    this.registerOutputs();
  }
}
