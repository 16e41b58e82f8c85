import { setImmediate as nextTurn } from "node:timers/promises";
import { errorName, isApiError, serviceError, validationError } from "./api-error";
import type { DatabaseContext } from "./database-context";
import { checkRequest, runAction, type DynaliteOperation } from "./dynalite";
import { IndexUpdates } from "./index-updates";
import type { Json } from "./item";
import { VIEW_TYPES, type ViewType } from "./streams/stream";
import type { TableSettings } from "./table-settings-store";

const STATE_TIMEOUT_MS = 10_000;
/** Fields of UpdateTable that dynalite supports. */
const DYNALITE_UPDATES = ["ProvisionedThroughput", "BillingMode", "GlobalSecondaryIndexUpdates"];
const OWN_UPDATES = ["StreamSpecification", "DeletionProtectionEnabled", "SSESpecification", "TableClass"];
const UPDATES = ["TableName", "AttributeDefinitions", ...DYNALITE_UPDATES, ...OWN_UPDATES];

/** Operations on tables: dynalite's, plus streams, deletion protection, encryption, table class and tags. */
export class TableOperations {
  private readonly indexes: IndexUpdates;

  constructor(private readonly context: DatabaseContext) {
    this.indexes = new IndexUpdates(context);
  }

  /** Returns an active table. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
  create = (request: Json): Promise<Json> =>
    this.context.writes.run(async () => {
      const viewType = checkStream(request.StreamSpecification);
      const name = String(request.TableName);
      await this.run("CreateTable", request).catch((error: unknown) => {
        if (isApiError(error) && errorName(error) === "ResourceInUseException")
          throw serviceError("ResourceInUseException", `Table already exists: ${name}`);
        throw error;
      });
      await this.context.settings.change(name, settingsOf(request));
      if (viewType) await this.enableStream(name, viewType);
      return { TableDescription: this.describeNow(name) };
    });

  describe = async (request: Json): Promise<Json> => {
    await this.run("DescribeTable", request);
    return { Table: this.describeNow(request.TableName) };
  };

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
  update = (request: Json): Promise<Json> =>
    this.context.writes.run(async () => {
      const table = this.context.view().table(String(request.TableName));
      rejectUnknownUpdates(request);
      const viewType = checkStream(request.StreamSpecification);
      this.checkStreamChange(table.TableName, request.StreamSpecification);
      // dynalite checks the creation and deletion of indexes, but does not carry them out.
      if (request.GlobalSecondaryIndexUpdates !== undefined)
        checkRequest("UpdateTable", request, this.context.view());
      const changeIndex = this.indexes.prepare(request);
      if (DYNALITE_UPDATES.some((field) => request[field] !== undefined))
        await this.run("UpdateTable", request);
      await changeIndex?.();
      await this.context.settings.change(table.TableName, settingsOf(request));
      if (viewType) await this.enableStream(table.TableName, viewType);
      if (request.StreamSpecification?.StreamEnabled === false) await this.disableStream(table.TableName);
      return { TableDescription: this.describeNow(table.TableName) };
    });

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
  delete = (request: Json): Promise<Json> =>
    this.context.writes.run(async () => {
      const name = String(request.TableName);
      if (this.context.settings.of(name).deletionProtection)
        throw validationError(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        );
      const result = await this.run("DeleteTable", request);
      await this.disableStream(name);
      await this.context.settings.delete(name);
      await this.context.expiries.clear(name);
      return result;
    });

  private async run(operation: DynaliteOperation, request: Json): Promise<Json> {
    const view = this.context.view();
    const data = checkRequest(operation, request, view);
    const result = await runAction(operation, view, data);
    // dynalite writes the final state of the table shortly after it has responded. A later write must not come in between.
    if (operation === "CreateTable" || operation === "UpdateTable")
      await waitUntil(() => view.tableWrites === 2, `The table ${data.TableName} did not become active`);
    if (operation === "DeleteTable")
      await waitUntil(
        () => this.context.level.getSync(`table~${data.TableName}`) === undefined,
        `The table ${data.TableName} was not deleted`,
      );
    return result;
  }

  private describeNow(name: string): Json {
    const settings = this.context.settings.of(name);
    return {
      ...this.context.view().table(name),
      ...this.describeStreamOf(settings),
      ...describeSettings(settings),
    };
  }

  private describeStreamOf({ streamArn }: TableSettings): Json {
    const stream = streamArn === undefined ? undefined : this.context.streams.get(streamArn);
    if (!stream) return {};
    const latest = { LatestStreamArn: stream.arn, LatestStreamLabel: stream.label };
    if (stream.disabledAt !== undefined) return latest;
    return { ...latest, StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } };
  }

  private checkStreamChange(name: string, specification: Json | undefined): void {
    if (!specification) return;
    const { streamArn } = this.context.settings.of(name);
    const enabled = streamArn !== undefined && this.context.streams.get(streamArn)?.disabledAt === undefined;
    if (enabled === specification.StreamEnabled)
      throw validationError(
        enabled ? "Table already has an enabled stream" : "Table does not have an enabled stream",
      );
  }

  private async enableStream(name: string, viewType: ViewType): Promise<void> {
    const stream = await this.context.streams.create(this.context.view().table(name), viewType);
    await this.context.settings.change(name, { streamArn: stream.arn });
  }

  private async disableStream(name: string): Promise<void> {
    const { streamArn } = this.context.settings.of(name);
    if (streamArn !== undefined) await this.context.streams.disable(streamArn);
  }
}

function checkStream(specification: Json | undefined): ViewType | undefined {
  if (!specification?.StreamEnabled) {
    if (specification?.StreamViewType !== undefined)
      throw validationError(
        "One or more parameter values were invalid: Table is being created or updated with a stream disabled, but StreamViewType is specified",
      );
    return undefined;
  }
  if (VIEW_TYPES.includes(specification.StreamViewType)) return specification.StreamViewType as ViewType;
  throw validationError(
    `StreamViewType ${JSON.stringify(specification.StreamViewType)} is not one of ${VIEW_TYPES.join(", ")}`,
  );
}

async function waitUntil(done: () => boolean, problem: string): Promise<void> {
  const end = Date.now() + STATE_TIMEOUT_MS;
  while (!done()) {
    if (Date.now() > end) throw new Error(`${problem} within ${STATE_TIMEOUT_MS} ms.`);
    await nextTurn();
  }
}

function rejectUnknownUpdates(request: Json): void {
  const unknown = Object.keys(request).filter((field) => !UPDATES.includes(field));
  if (unknown.length > 0)
    throw validationError(
      `The local cloud's UpdateTable does not emulate ${unknown.join(", ")}; delete the table and create it again.`,
    );
}

function settingsOf(request: Json): TableSettings {
  const settings: { -readonly [K in keyof TableSettings]: TableSettings[K] } = {};
  if (request.DeletionProtectionEnabled !== undefined)
    settings.deletionProtection = request.DeletionProtectionEnabled;
  if (request.SSESpecification !== undefined) settings.serverSideEncryption = request.SSESpecification;
  if (request.TableClass !== undefined) settings.tableClass = request.TableClass;
  if (request.Tags !== undefined)
    settings.tags = Object.fromEntries(request.Tags.map(({ Key, Value }: Json) => [Key, Value]));
  return settings;
}

function describeSettings({ deletionProtection, serverSideEncryption, tableClass }: TableSettings): Json {
  return {
    DeletionProtectionEnabled: deletionProtection ?? false,
    ...(serverSideEncryption?.Enabled
      ? {
          SSEDescription: {
            Status: "ENABLED",
            SSEType: "KMS",
            KMSMasterKeyArn: serverSideEncryption.KMSMasterKeyId,
          },
        }
      : {}),
    ...(tableClass ? { TableClassSummary: { TableClass: tableClass } } : {}),
  };
}
