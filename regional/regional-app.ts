import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { Region } from "../config";
import type { ListIndexes } from "../config/list-indexes";
import { AlarmTopic } from "./alarm-topic";
import { ConflictTable } from "./conflict-table";
import { useDataKey } from "./data-key";
import { metricAlarm } from "./metric-alarm";
import { PolicyStatement } from "./policy";
import { UiBucket, UiBucketArgs } from "./ui-bucket";
import { TicketApi } from "./ticket-api";
import { TicketTable } from "./ticket-table";

/** Arguments of a regional app. */
export interface RegionalAppArgs {
  readonly region: Region;
  /** Domain under which the roles of the regions are published; absent without a domain. */
  readonly domainName?: string;
  readonly ui: UiBucketArgs;
  /** Whether Pulumi and AWS refuse to delete the tables. */
  readonly protectData: boolean;
  readonly logRetentionDays: number;
  readonly alarms: AlarmConfig;
  /** ARN of the KMS key that encrypts the tickets of the region; absent for keys that AWS owns. */
  readonly kmsKeyArn?: string;
  readonly listIndexes: ListIndexes;
}

/** Everything that one region needs to serve alone. The provider determines the region. */
export class RegionalApp extends pulumi.ComponentResource {
  readonly region: Region;
  readonly kmsKeyArn?: string;
  /**
   * Permission that every reader and writer of the tables needs besides those for the tables; empty without a KMS key. DynamoDB decrypts
   * the key of a table for each caller, also to write: https://github.com/aws/aws-cdk/issues/10010 and
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  readonly useTableKey: readonly PolicyStatement[];
  readonly table: TicketTable;
  readonly conflicts: ConflictTable;
  readonly api: TicketApi;
  readonly ui: UiBucket;
  readonly alarms: AlarmTopic;

  constructor(name: string, args: RegionalAppArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:RegionalApp", name, {}, opts);
    const { region, domainName, ui, protectData, logRetentionDays, alarms, kmsKeyArn, listIndexes } = args;

    this.region = region;
    this.kmsKeyArn = kmsKeyArn;
    this.useTableKey = useDataKey(kmsKeyArn, "dynamodb", "kms:Decrypt");
    this.table = new TicketTable(
      `${name}-tickets`,
      { protectData, kmsKeyArn, listIndexes },
      { parent: this },
    );
    this.conflicts = new ConflictTable(`${name}-conflicts`, { protectData, kmsKeyArn }, { parent: this });
    this.api = new TicketApi(
      `${name}-api`,
      {
        region,
        table: this.table,
        conflicts: this.conflicts,
        useTableKey: this.useTableKey,
        domainName,
        logRetentionDays,
      },
      { parent: this },
    );
    this.ui = new UiBucket(`${name}-page`, ui, { parent: this });
    this.alarms = new AlarmTopic(`${name}-alarms`, { email: alarms.email }, { parent: this });
    this.createApiAlarm(`${name}-api-errors`, alarms);
    this.createIndexAlarms(`${name}-index-throttles`);

    this.registerOutputs({
      table: this.table,
      conflicts: this.conflicts,
      api: this.api,
      page: this.ui,
      alarms: this.alarms,
    });
  }

  /**
   * Alarms on writes that an index throttles. DynamoDB publishes the metric only when it throttles:
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html#WriteThrottleEvents
   */
  private createIndexAlarms(name: string): void {
    const { table, indexNames } = this.table;
    for (const index of indexNames)
      metricAlarm(
        `${name}-${index.toLowerCase()}`,
        {
          topic: this.alarms.topic,
          description:
            `The index ${index} of the ticket table of ${this.region.name} throttled writes in two of five minutes. The API returns 503 for ` +
            "them and replication to this region is late, while health checks stay healthy. Check which writes are so frequent.",
          namespace: "AWS/DynamoDB",
          metric: "WriteThrottleEvents",
          dimensions: { TableName: table.name, GlobalSecondaryIndexName: index },
          statistic: "Sum",
          threshold: 1,
          periodSeconds: 60,
          datapoints: [2, 5],
        },
        { parent: this },
      );
  }

  /** Metrics: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
  private createApiAlarm(name: string, { apiErrors }: AlarmConfig): void {
    metricAlarm(
      name,
      {
        topic: this.alarms.topic,
        description:
          `The API of ${this.region.name} returned 5xx ${apiErrors} times or more in five minutes, failed health checks included. ` +
          "Check its access log for the route, then the log of the function of that route.",
        namespace: "AWS/ApiGateway",
        metric: "5xx",
        dimensions: { ApiId: this.api.api.id },
        statistic: "Sum",
        threshold: apiErrors,
        periodSeconds: 300,
      },
      { parent: this },
    );
  }
}
