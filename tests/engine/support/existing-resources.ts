import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ReadResource } from "../../../local/aws/resource";
import { resourceNameOf, type ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { EngineState } from "../../../local/pulumi/engine/engine-stack";
import { fromWire } from "../../../local/pulumi/provider/wire";
import { typeAndNameOf } from "../../../local/pulumi/urn";
import type { EngineCloud } from "./engine-cloud";

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Returns the AWS resources of a state that exist, as the service of each one reports. */
export async function existingResources(cloud: EngineCloud, state: EngineState): Promise<ResourceName[]> {
  const found = await readStored(cloud, state);
  return [...found].flatMap(([urn, resource]) => (resource ? [resourceNameOf(urn)] : [])).sort();
}

/** Reads the AWS resources of a state by their ids. @returns what their services report, by URN; undefined for a missing one. */
export async function readStored(
  { host }: EngineCloud,
  { resources = [] }: EngineState,
): Promise<Map<string, ReadResource | undefined>> {
  const { resourceHandlers } = host.services;
  const regions = new Map(resources.map(({ urn, id, inputs }) => [`${urn}::${id}`, inputs?.region]));
  const read = new Map<string, ReadResource | undefined>();
  for (const { urn, type, id = "", provider = "", inputs = {}, outputs = {} } of awsResources(resources)) {
    const found = await resourceHandlers[type].read({
      ...{ type, id, name: typeAndNameOf(urn).name },
      region: String(regions.get(provider)),
      inputs: fromWire(inputs).inputs,
      outputs: fromWire(outputs).inputs,
    });
    read.set(urn, found);
  }
  return read;
}

/** Returns the AWS resources of a state, without components and providers. */
export function awsResources(
  resources: NonNullable<EngineState["resources"]>,
): NonNullable<EngineState["resources"]>[number][] {
  return resources.filter(({ custom, type }) => custom && type.startsWith("aws:"));
}

/** Lists what the services with an API of their own contain, such as `eu-west-1 table ireland-tickets-0a1b2c3`. */
export async function listedResources({ host: { regions, services } }: EngineCloud): Promise<string[]> {
  const { dynamodb, s3, sqs } = services;
  const lists = regions.all().map(async ({ code: region }) => {
    const common = { region, credentials: CREDENTIALS };
    const database = new DynamoDBClient({ ...common, endpoint: dynamodb.endpoint(region) });
    const storage = new S3Client({ ...common, endpoint: s3.endpoint(region), forcePathStyle: true });
    const queues = new SQSClient({ ...common, endpoint: sqs.endpoint(region) });
    const { TableNames = [] } = await database.send(new ListTablesCommand({}));
    const { Buckets = [] } = await storage.send(new ListBucketsCommand({}));
    const { QueueUrls = [] } = await queues.send(new ListQueuesCommand({}));
    for (const client of [database, storage, queues]) client.destroy();
    return [
      ...TableNames.map((name) => `${region} table ${name}`),
      ...Buckets.map(({ Name }) => `${region} bucket ${Name}`),
      ...QueueUrls.map((url) => `${region} queue ${url}`),
    ];
  });
  return (await Promise.all(lists)).flat().sort();
}
