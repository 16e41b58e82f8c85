import { DynamoDBClient, type TableDescription } from "@aws-sdk/client-dynamodb";
import { localClientConfig } from "../../local-client";
import type { Log } from "../../log";
import type { DeclaredResource, CreatedResource, ResourceHandler } from "../../resource";
import { applySettings } from "./declared-settings";
import { findTable, createTable, rejectDifferentSchema } from "./table-schema";
import { createTableInput, rejectUnknownInputs } from "./table-inputs";

/**
 * Resource handler of `aws:dynamodb/table:Table`. It calls the region's endpoint through the AWS SDK, as the provider
 * does, so that it works with every DynamoDB. An existing table of an earlier run is kept.
 * @param endpoint returns the endpoint of a region.
 */
export function tableHandler(endpoint: (region: string) => string, log: Log): ResourceHandler["create"] {
  return async (resource) => {
    rejectUnknownInputs(resource.inputs);
    const client = new DynamoDBClient(
      localClientConfig({ region: resource.region, endpoint: endpoint(resource.region) }),
    );
    try {
      return createdResource(resource, await createOrUpdateTable(client, resource, log));
    } finally {
      client.destroy();
    }
  };
}

async function createOrUpdateTable(
  client: DynamoDBClient,
  resource: DeclaredResource,
  log: Log,
): Promise<TableDescription> {
  const declared = createTableInput(resource.inputs.name ?? resource.physicalName, resource.inputs);
  const existing = await findTable(client, declared.TableName as string);
  if (existing) rejectDifferentSchema(existing, declared);
  const table = existing ?? (await createTable(client, declared));
  return applySettings(client, table, declared, resource.inputs, log);
}

function createdResource({ inputs }: DeclaredResource, table: TableDescription): CreatedResource {
  const name = table.TableName as string;
  return {
    id: name,
    outputs: {
      name,
      arn: table.TableArn,
      hashKey: inputs.hashKey,
      rangeKey: inputs.rangeKey,
      billingMode: inputs.billingMode ?? "PROVISIONED",
      streamArn: table.LatestStreamArn ?? "",
      streamLabel: table.LatestStreamLabel ?? "",
      streamViewType: table.StreamSpecification?.StreamViewType ?? "",
      tagsAll: inputs.tags ?? {},
    },
  };
}
