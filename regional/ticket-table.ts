import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { STATUS_INDEX } from "../functions/tickets/table";

/** What a ticket table needs. */
export interface TicketTableArgs {
  /** Whether Pulumi and AWS refuse to delete the table. */
  readonly protectData: boolean;
}

/** The tickets of one region, with the stream that replication reads. */
export class TicketTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  /** ARN of the sparse index that lists tickets by status. */
  readonly statusIndexArn: pulumi.Output<string>;

  constructor(name: string, { protectData }: TicketTableArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:TicketTable", name, {}, opts);

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [
          { name: "id", type: "S" },
          { name: "status", type: "S" },
        ],
        // Not `keySchemas`: with those the provider deletes and rebuilds every index when one is removed.
        // https://github.com/hashicorp/terraform-provider-aws/issues/46601
        globalSecondaryIndexes: [
          { name: STATUS_INDEX, hashKey: "status", rangeKey: "id", projectionType: "ALL" },
        ],
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        ttl: { enabled: true, attributeName: "expiresAt" },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: protectData,
      },
      { parent: this, protect: protectData },
    );
    this.statusIndexArn = pulumi.interpolate`${this.table.arn}/index/${STATUS_INDEX}`;

    this.registerOutputs({ table: this.table, statusIndexArn: this.statusIndexArn });
  }
}
