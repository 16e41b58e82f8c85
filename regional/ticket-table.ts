import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ListIndexes } from "../config/list-indexes";
import {
  ASSIGNEE_INDEX,
  ASSIGNEE_SHARD_INDEX,
  STATUS_INDEX,
  STATUS_SHARD_INDEX,
} from "../functions/tickets/list-indexes";
import { LIST_INDEXES_TAG, refusingLostLists } from "./list-index-order";
import { tableEncryption } from "./data-key";

/** Arguments of a ticket table. */
export interface TicketTableArgs {
  /** Whether Pulumi and AWS refuse to delete the table. */
  readonly protectData: boolean;
  /** ARN of the KMS key that encrypts the table; absent for a key that AWS owns. */
  readonly kmsKeyArn?: string;
  readonly listIndexes: ListIndexes;
}

/** Indexes that project whole items, whose hash values are hot. Only for a table that is changed to the sharded ones. */
const OLD_INDEXES = [
  { name: STATUS_INDEX, hashKey: "status", rangeKey: "listSortKey", projectionType: "ALL" },
  { name: ASSIGNEE_INDEX, hashKey: "assigneeStatus", rangeKey: "listSortKey", projectionType: "ALL" },
];

const SHARDED_INDEXES = [
  { name: STATUS_SHARD_INDEX, hashKey: "statusShard", rangeKey: "listSortKey", projectionType: "KEYS_ONLY" },
  {
    name: ASSIGNEE_SHARD_INDEX,
    hashKey: "assigneeShard",
    rangeKey: "listSortKey",
    projectionType: "KEYS_ONLY",
  },
];

/**
 * Time that the provider waits for each change of a table. Its default of 60 minutes is short for an index of a large table. More than a
 * day has no effect: https://github.com/hashicorp/terraform-provider-aws/issues/38721
 */
const UPDATE_TIMEOUT = "24h";

/** Ticket table of one region, with the stream that replication reads. */
export class TicketTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  readonly listIndexes: ListIndexes;
  /** Names of the sparse indexes of the table. */
  readonly indexNames: readonly string[];
  /**
   * ARNs of the sparse indexes that list tickets, by status and by assignee. While the table has both kinds, these are all of them: the
   * policy of a function changes before its alias moves, so it must also permit what the version before reads.
   */
  readonly listIndexArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: TicketTableArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:TicketTable", name, {}, opts);
    const { protectData, kmsKeyArn, listIndexes } = args;
    const indexes = listIndexes === "sharded" ? SHARDED_INDEXES : [...OLD_INDEXES, ...SHARDED_INDEXES];
    const keys = new Set(["id", ...indexes.map(({ hashKey }) => hashKey), "listSortKey"]);
    this.listIndexes = listIndexes;
    this.indexNames = indexes.map(({ name: index }) => index);

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [...keys].map((attribute) => ({ name: attribute, type: "S" })),
        // Not `keySchemas`: with those the provider deletes and rebuilds every index when one is removed.
        // https://github.com/hashicorp/terraform-provider-aws/issues/46601
        globalSecondaryIndexes: indexes,
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        ttl: { enabled: true, attributeName: "expiresAt" },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: tableEncryption(kmsKeyArn),
        deletionProtectionEnabled: protectData,
        tags: { [LIST_INDEXES_TAG]: listIndexes },
      },
      {
        parent: this,
        protect: protectData,
        hooks: refusingLostLists(name),
        customTimeouts: { update: UPDATE_TIMEOUT },
      },
    );
    this.listIndexArns = this.indexNames.map((index) => pulumi.interpolate`${this.table.arn}/index/${index}`);

    this.registerOutputs({ table: this.table, listIndexArns: this.listIndexArns });
  }
}
