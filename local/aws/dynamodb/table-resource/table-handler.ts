import {
  DynamoDBClient,
  DynamoDBServiceException,
  type CreateTableCommandInput,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { localClientConfig } from "../../local-client";
import { checkKmsKey } from "../../kms-key";
import type { Log } from "../../log";
import type { CreatedResource, DeclaredResource, ResourceHandler } from "../../resource";
import { applySeparateSettings, applySettings, type TableServer } from "./declared-settings";
import { currentInputs } from "./read-table";
import { createTableInput } from "./table-inputs";
import { REPLACING, UNORDERED, UPDATABLE } from "./table-properties";
import { createTable, deleteTable, findTable, rejectDifferentKeys, updateTable } from "./table-schema";

type Inputs = DeclaredResource["inputs"];

/** Dependencies of {@link tableHandler}. */
export interface TableHandlerOptions {
  /** Returns the endpoint of a region. */
  readonly endpoint: (region: string) => string;
  /** Whether the tables outlive the local cloud. Then a table of an earlier run is adopted by the first resource that declares it. */
  readonly isPersistent: boolean;
  readonly isExternal: boolean;
  readonly log: Log;
}

/**
 * Resource handler of `aws:dynamodb/table:Table`. It calls the region's endpoint through the AWS SDK, as the provider does, so that
 * it works with every DynamoDB.
 */
export function tableHandler({
  endpoint,
  isPersistent,
  isExternal,
  log,
}: TableHandlerOptions): ResourceHandler {
  /** Region and name of the tables that resources of this cloud declare. */
  const declared = new Set<string>();
  const onServer = async <T>(region: string, task: (server: TableServer) => Promise<T>): Promise<T> => {
    const client = new DynamoDBClient(localClientConfig({ region, endpoint: endpoint(region) }));
    try {
      return await task({ client, isExternal, log });
    } catch (error) {
      if (!(error instanceof DynamoDBServiceException)) throw error;
      throw new Error(`${error.name}: ${error.message}`, { cause: error });
    } finally {
      client.destroy();
    }
  };

  const create = async (server: TableServer, region: string, inputs: Inputs): Promise<TableDescription> => {
    const request = createTableInput(inputs.name, inputs);
    const key = `${region}/${inputs.name}`;
    const existing = await findTable(server.client, inputs.name);
    const isDeclared = declared.has(key);
    if (existing && (isDeclared || !isPersistent))
      throw new Error(`ResourceInUseException: Table already exists: ${inputs.name}`);
    declared.add(key);
    try {
      if (!existing) return await createWithSettings(server, request, inputs);
      rejectDifferentKeys(existing, request);
      return await applySettings(server, existing, request, inputs);
    } catch (error) {
      if (!isDeclared) declared.delete(key);
      throw error;
    }
  };

  return {
    updatable: UPDATABLE,
    replacing: REPLACING,
    unordered: UNORDERED,
    remedies: { region: "Give the table a provider of that region." },
    autoName: { input: "name", maxLength: 255 },
    create: ({ region, inputs }) =>
      onServer(region, async (server) => {
        checkKmsKey("serverSideEncryption", inputs.serverSideEncryption?.kmsKeyArn, region);
        const table = await create(server, region, inputs);
        return { id: inputs.name, outputs: outputsOf(inputs, table) };
      }),
    read: ({ id, region, inputs }) =>
      onServer(region, async (server) => {
        const table = await findTable(server.client, id);
        if (!table) return undefined;
        declared.add(`${region}/${id}`);
        const current = await currentInputs(server, table, { ...inputs, name: id });
        return { id, outputs: outputsOf(current, table), inputs: current };
      }),
    update: ({ id, region }, inputs) =>
      onServer(region, async (server) => {
        const table = await findTable(server.client, id);
        if (!table) throw new Error(`ResourceNotFoundException: there is no table ${id} in ${region}.`);
        checkKmsKey("serverSideEncryption", inputs.serverSideEncryption?.kmsKeyArn, region);
        declared.add(`${region}/${id}`);
        return outputsOf(inputs, await applySettings(server, table, createTableInput(id, inputs), inputs));
      }),
    delete: ({ id, region }) =>
      onServer(region, async ({ client }) => {
        await deleteTable(client, id);
        declared.delete(`${region}/${id}`);
      }),
  };
}

/** Creates a table. One whose settings are rejected is deleted again, so that its name is free for the next attempt. */
async function createWithSettings(
  server: TableServer,
  request: CreateTableCommandInput,
  inputs: Inputs,
): Promise<TableDescription> {
  const { client } = server;
  await createTable(client, request);
  try {
    return await applySeparateSettings(server, inputs.name, inputs);
  } catch (error) {
    if (request.DeletionProtectionEnabled)
      await updateTable(client, { TableName: inputs.name, DeletionProtectionEnabled: false });
    await deleteTable(client, inputs.name);
    throw error;
  }
}

function outputsOf(inputs: Inputs, table: TableDescription): CreatedResource["outputs"] {
  return {
    name: table.TableName,
    arn: table.TableArn,
    hashKey: inputs.hashKey,
    rangeKey: inputs.rangeKey,
    billingMode: inputs.billingMode ?? "PROVISIONED",
    streamArn: table.LatestStreamArn ?? "",
    streamLabel: table.LatestStreamLabel ?? "",
    streamViewType: table.StreamSpecification?.StreamViewType ?? "",
    tagsAll: inputs.tagsAll ?? inputs.tags ?? {},
  };
}
