import { unknownOperation } from "./api-error";
import { DatabaseContext, type DatabaseSettings } from "./database-context";
import { checkRequest, openLevel, runAction, type DynaliteOperation } from "./dynalite";
import type { Json } from "./item";
import { writeItems } from "./item-writes";
import { SettingOperations } from "./setting-operations";
import { StreamOperations } from "./streams/stream-operations";
import { TableOperations } from "./table-operations";
import { Transactions } from "./transactions";

type Operation = (request: Json) => Promise<Json>;

const TABLES = "DynamoDB_20120810";
const STREAMS = "DynamoDBStreams_20120810";

/** The DynamoDB of one region: tables, items and streams. */
export class RegionDatabase {
  private readonly operations: ReadonlyMap<string, Operation>;

  private constructor(readonly context: DatabaseContext) {
    this.operations = new Map([
      ...named(TABLES, itemOperations(context)),
      ...named(TABLES, tableOperations(context)),
      ...named(STREAMS, streamOperations(context)),
    ]);
  }

  /**
   * @param path folder of the region's data; in memory if undefined.
   * @param now milliseconds since the epoch.
   * @param settings by default, indexes are not delayed, and streams have one shard.
   */
  static async open(
    region: string,
    path: string | undefined,
    now: () => number,
    settings: DatabaseSettings = { indexDelayMs: 0, shards: 1 },
  ): Promise<RegionDatabase> {
    return new RegionDatabase(await DatabaseContext.open(await openLevel(path), region, now, settings));
  }

  /**
   * Runs a request.
   * @param target the `X-Amz-Target` header, such as `DynamoDB_20120810.PutItem`.
   * @throws an error with `statusCode` and `body`, the error response, if the request is rejected.
   */
  async handle(target: string, request: Json): Promise<Json> {
    const operation = this.operations.get(target);
    if (!operation) throw unknownOperation();
    return operation(request);
  }

  async close(): Promise<void> {
    await this.context.writes.run(() => this.context.level.close());
  }
}

function itemOperations(context: DatabaseContext): Record<string, Operation> {
  const transactions = new Transactions(context);
  return {
    GetItem: reader(context, "GetItem"),
    BatchGetItem: reader(context, "BatchGetItem"),
    Query: reader(context, "Query"),
    Scan: reader(context, "Scan"),
    PutItem: (request) => writeItems(context, "PutItem", request),
    UpdateItem: (request) => writeItems(context, "UpdateItem", request),
    DeleteItem: (request) => writeItems(context, "DeleteItem", request),
    BatchWriteItem: (request) => writeItems(context, "BatchWriteItem", request),
    TransactWriteItems: transactions.write,
    TransactGetItems: transactions.get,
  };
}

function tableOperations(context: DatabaseContext): Record<string, Operation> {
  const tables = new TableOperations(context);
  const settings = new SettingOperations(context);
  return {
    ListTables: reader(context, "ListTables"),
    CreateTable: tables.create,
    DescribeTable: tables.describe,
    UpdateTable: tables.update,
    DeleteTable: tables.delete,
    UpdateTimeToLive: settings.updateTimeToLive,
    DescribeTimeToLive: settings.describeTimeToLive,
    UpdateContinuousBackups: settings.updateContinuousBackups,
    DescribeContinuousBackups: settings.describeContinuousBackups,
    TagResource: settings.tagResource,
    UntagResource: settings.untagResource,
    ListTagsOfResource: settings.listTagsOfResource,
  };
}

function streamOperations(context: DatabaseContext): Record<string, Operation> {
  const streams = new StreamOperations(context.streams, context.now);
  return {
    ListStreams: streams.listStreams,
    DescribeStream: streams.describeStream,
    GetShardIterator: streams.getShardIterator,
    GetRecords: streams.getRecords,
  };
}

function reader(context: DatabaseContext, operation: DynaliteOperation): Operation {
  return async (request) => {
    const view = context.view();
    return runAction(operation, view, checkRequest(operation, request, view));
  };
}

function named(service: string, operations: Record<string, Operation>): [string, Operation][] {
  return Object.entries(operations).map(([name, operation]) => [`${service}.${name}`, operation]);
}
