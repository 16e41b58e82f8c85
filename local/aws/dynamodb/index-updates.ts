import { serviceError, validationError } from "./api-error";
import type { DatabaseContext } from "./database-context";
import { checkRequest, indexEntry } from "./dynalite";
import { findItemError } from "./item-checks";
import { bareItem, type Item, type Json } from "./item";
import { entries, prefixed, type BatchOperation } from "./level";
import { indexPrefix, itemPrefix } from "./store-view";

const CHUNK = 1000;

/**
 * Creation and deletion of global secondary indexes by UpdateTable, one per request as on AWS. They take effect immediately: a new
 * index contains the items of the table when the request returns.
 */
export class IndexUpdates {
  constructor(private readonly context: DatabaseContext) {}

  /**
   * Checks the creation or deletion of an index in a request, and returns a function that carries it out; undefined if the request
   * has none. Call the function only within `writes`.
   * @throws ApiError LimitExceededException for more than one; ValidationException or ResourceNotFoundException.
   */
  prepare(request: Json): (() => Promise<void>) | undefined {
    const updates = (request.GlobalSecondaryIndexUpdates ?? []) as Json[];
    const changes = updates.filter(({ Create, Delete }) => Create ?? Delete);
    if (changes.length > 1)
      throw serviceError(
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
      );
    const table = this.context.view().table(String(request.TableName));
    for (const { Update, Delete } of updates) {
      const name: unknown = (Update ?? Delete)?.IndexName;
      if (name !== undefined && !indexesOf(table).some(({ IndexName }) => IndexName === name))
        throw serviceError("ResourceNotFoundException", `Requested resource not found: Index: ${name}`);
    }
    const [change] = changes;
    if (!change) return undefined;
    if (change.Delete) return () => this.delete(table.TableName, change.Delete.IndexName);
    this.definitionWith(table, change.Create, request);
    return () => this.create(table.TableName, change.Create, request);
  }

  private async create(tableName: string, index: Json, request: Json): Promise<void> {
    const table = this.definitionWith(this.context.view().table(tableName), index, request);
    const [created] = indexesOf(table).slice(-1);
    const prefix = indexPrefix("Global", tableName, created.IndexName);
    // Entries of a creation that was interrupted.
    await this.context.level.clear(prefixed(prefix));
    this.context.indexes.forget(prefix);
    let operations: BatchOperation[] = [];
    for await (const [, stored] of entries(this.context.level, prefixed(itemPrefix(tableName)))) {
      const item = bareItem(stored as Item);
      const entry = isIndexable(item, created, table) ? indexEntry(created, item, table) : undefined;
      if (entry) operations.push({ type: "put", key: prefix + entry.key, value: entry.item });
      if (operations.length < CHUNK) continue;
      await this.context.level.batch(operations);
      operations = [];
    }
    await this.context.level.batch([...operations, save(table)]);
  }

  private async delete(tableName: string, indexName: string): Promise<void> {
    const table = this.context.view().table(tableName);
    const GlobalSecondaryIndexes = indexesOf(table).filter(({ IndexName }) => IndexName !== indexName);
    await this.context.level.batch([save(withUsedDefinitions({ ...table, GlobalSecondaryIndexes }))]);
    const prefix = indexPrefix("Global", tableName, indexName);
    this.context.indexes.forget(prefix);
    await this.context.level.clear(prefixed(prefix));
  }

  /** Returns the definition of a table with one more index. @throws ApiError ValidationException. */
  private definitionWith(table: Json, index: Json, request: Json): Json {
    if (indexesOf(table).some(({ IndexName }) => IndexName === index.IndexName))
      throw validationError("Attempting to create an index which already exists");
    checkKeysDefined(index, (request.AttributeDefinitions ?? []) as Json[]);
    const extended = withUsedDefinitions({
      ...table,
      AttributeDefinitions: mergedDefinitions(table, request.AttributeDefinitions ?? []),
      GlobalSecondaryIndexes: [...indexesOf(table), index],
    });
    const isProvisioned = table.BillingModeSummary?.BillingMode !== "PAY_PER_REQUEST";
    if (isProvisioned && !index.ProvisionedThroughput)
      throw validationError(
        `One or more parameter values were invalid: ProvisionedThroughput should be specified for index: ${index.IndexName}`,
      );
    this.checkAsNewTable(extended, index, isProvisioned);
    return { ...extended, GlobalSecondaryIndexes: [...indexesOf(table), describedIndex(table, index)] };
  }

  /** CreateTable has the same rules for indexes. */
  private checkAsNewTable(table: Json, created: Json, isProvisioned: boolean): void {
    const throughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    const ProvisionedThroughput = isProvisioned ? throughput : undefined;
    const request = {
      TableName: table.TableName,
      KeySchema: table.KeySchema,
      AttributeDefinitions: table.AttributeDefinitions,
      BillingMode: isProvisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
      ProvisionedThroughput,
      LocalSecondaryIndexes: table.LocalSecondaryIndexes,
      GlobalSecondaryIndexes: indexesOf(table).map(({ IndexName, KeySchema, Projection }) => ({
        ...{ IndexName, KeySchema, Projection },
        ProvisionedThroughput:
          IndexName === created.IndexName ? created.ProvisionedThroughput : ProvisionedThroughput,
      })),
    };
    // dynalite distinguishes an absent field from an undefined one.
    const present = JSON.parse(JSON.stringify(request)) as Json;
    checkRequest("CreateTable", present, this.context.view());
  }
}

/**
 * "If you are adding a new global secondary index to the table, AttributeDefinitions must include the key element(s) of the new index."
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html: also those that the table defines already.
 * @throws ApiError ValidationException.
 */
function checkKeysDefined({ KeySchema = [] }: Json, definitions: readonly Json[]): void {
  const keys = (KeySchema as Json[]).map(({ AttributeName }) => String(AttributeName));
  const defined = definitions.map(({ AttributeName }) => String(AttributeName));
  if (keys.some((key) => !defined.includes(key)))
    throw validationError(
      "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. " +
        `Keys: [${keys.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
}

function indexesOf(table: Json): Json[] {
  return (table.GlobalSecondaryIndexes ?? []) as Json[];
}

function save(table: Json): BatchOperation {
  return { type: "put", key: `table~${table.TableName}`, value: table };
}

function describedIndex(
  table: Json,
  { IndexName, KeySchema, Projection, ProvisionedThroughput }: Json,
): Json {
  const throughput = ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return {
    ...{ IndexName, KeySchema, Projection },
    IndexArn: `${table.TableArn}/index/${IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexStatus: "ACTIVE",
    ProvisionedThroughput: { ...throughput, NumberOfDecreasesToday: 0 },
  };
}

function mergedDefinitions(table: Json, added: readonly Json[]): Json[] {
  const definitions = new Map<string, Json>();
  for (const definition of [...table.AttributeDefinitions, ...added] as Json[]) {
    const { AttributeName: name, AttributeType: type } = definition;
    const known = definitions.get(name);
    if (known && known.AttributeType !== type)
      throw validationError(
        `One or more parameter values were invalid: the attribute ${name} has the type ${known.AttributeType} and cannot be redefined as ${type}`,
      );
    definitions.set(name, { AttributeName: name, AttributeType: type });
  }
  return [...definitions.values()];
}

/** Returns the table without definitions of attributes that are no key of the table or an index. */
function withUsedDefinitions(table: Json): Json {
  const indexes = [...indexesOf(table), ...((table.LocalSecondaryIndexes ?? []) as Json[])];
  const schemas = [table, ...indexes].flatMap(({ KeySchema }) => KeySchema as Json[]);
  const used = new Set(schemas.map(({ AttributeName }) => AttributeName));
  const AttributeDefinitions = (table.AttributeDefinitions as Json[]).filter(({ AttributeName }) =>
    used.has(AttributeName),
  );
  const { GlobalSecondaryIndexes, ...rest } = { ...table, AttributeDefinitions } as Json;
  return GlobalSecondaryIndexes?.length ? { ...rest, GlobalSecondaryIndexes } : rest;
}

/**
 * Returns whether an item belongs in a new index. DynamoDB skips items whose key attributes have another type or an invalid size.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.ViolationDetection.html
 */
function isIndexable(item: Item, index: Json, table: Json): boolean {
  const definitions = table.AttributeDefinitions as Json[];
  const hasKeyTypes = (index.KeySchema as Json[]).every(({ AttributeName: name }) => {
    const type = definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    return item[name]?.[type] !== undefined;
  });
  return hasKeyTypes && findItemError(item, { GlobalSecondaryIndexes: [index] }) === undefined;
}
