import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ASSIGNEE_INDEX, STATUS_INDEX } from "../functions/tickets/table";
import { tableEncryption } from "./data-key";

/** Arguments of a ticket table. */
export interface TicketTableArgs {
  /** Whether Pulumi and AWS refuse to delete the table. */
  readonly protectData: boolean;
  /** ARN of the KMS key that encrypts the table; absent for a key that AWS owns. */
  readonly kmsKeyArn?: string;
}

/** Ticket table of one region, with the stream that replication reads. */
export class TicketTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  /** ARNs of the sparse indexes that list tickets, by status and by assignee. */
  readonly listIndexArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: TicketTableArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:TicketTable", name, {}, opts);
    const { protectData, kmsKeyArn } = args;

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: ["id", "status", "assigneeStatus", "listSortKey"].map((attribute) => ({
          name: attribute,
          type: "S",
        })),
        // Not `keySchemas`: with those the provider deletes and rebuilds every index when one is removed.
        // https://github.com/hashicorp/terraform-provider-aws/issues/46601
        globalSecondaryIndexes: [
          { name: STATUS_INDEX, hashKey: "status", rangeKey: "listSortKey", projectionType: "ALL" },
          { name: ASSIGNEE_INDEX, hashKey: "assigneeStatus", rangeKey: "listSortKey", projectionType: "ALL" },
        ],
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        ttl: { enabled: true, attributeName: "expiresAt" },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: tableEncryption(kmsKeyArn),
        deletionProtectionEnabled: protectData,
      },
      { parent: this, protect: protectData },
    );
    this.listIndexArns = [STATUS_INDEX, ASSIGNEE_INDEX].map(
      (index) => pulumi.interpolate`${this.table.arn}/index/${index}`,
    );

    this.registerOutputs({ table: this.table, listIndexArns: this.listIndexArns });
  }
}
