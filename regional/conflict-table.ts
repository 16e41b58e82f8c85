import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RECENCY_INDEX } from "../functions/replication/conflict-entry";
import { tableEncryption } from "./data-key";

/** Arguments of a conflict table. */
export interface ConflictTableArgs {
  /** Whether Pulumi and AWS refuse to delete the table. */
  readonly protectData: boolean;
  /** ARN of the KMS key that encrypts the table; absent for a key that AWS owns. */
  readonly kmsKeyArn?: string;
}

/** Table of the writes that lost in a conflict, by ticket. Each region has all of them. */
export class ConflictTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  /** ARN of the index that lists the conflicts of all tickets. */
  readonly recencyIndexArn: pulumi.Output<string>;

  constructor(name: string, args: ConflictTableArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:ConflictTable", name, {}, opts);
    const { protectData, kmsKeyArn } = args;

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        rangeKey: "losingVersion",
        attributes: [
          { name: "id", type: "S" },
          { name: "losingVersion", type: "S" },
          { name: "listing", type: "S" },
        ],
        // Not `keySchemas`, for the reason given in TicketTable.
        globalSecondaryIndexes: [
          {
            name: RECENCY_INDEX,
            hashKey: "listing",
            rangeKey: "losingVersion",
            projectionType: "KEYS_ONLY",
          },
        ],
        ttl: { enabled: true, attributeName: "expiresAt" },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: tableEncryption(kmsKeyArn),
        deletionProtectionEnabled: protectData,
      },
      { parent: this, protect: protectData },
    );

    this.recencyIndexArn = pulumi.interpolate`${this.table.arn}/index/${RECENCY_INDEX}`;

    this.registerOutputs({ table: this.table, recencyIndexArn: this.recencyIndexArn });
  }
}
