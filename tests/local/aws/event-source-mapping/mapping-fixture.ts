import type { StreamChanges } from "../../../../local/aws/dynamodb/streams/stream-changes";
import { LocalEventSourceMappings } from "../../../../local/aws/event-source-mapping/event-source-mappings";
import { LambdaServiceError } from "../../../../local/aws/lambda/function-pool";
import type { Invocation } from "../../../../local/aws/lambda/lambda";
import { Regions } from "../../../../local/aws/regions";
import type { DeclaredResource, ExistingResource } from "../../../../local/aws/resource";
import { waitFor } from "../../../support/wait-for";
import type { EventRecord } from "../../../../local/aws/event-source-mapping/event-record";
import { createResource, updateResource, type DeclaredIn } from "../../support/create-resource";
import { FakeAws } from "./fake-aws";

export const STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets/stream/2025-01-01T00:00:00.000";
export const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:replicate";
export const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
export const SUCCESS: Invocation = { payload: null };
export const FUNCTION_ERROR: Invocation = { functionError: { errorType: "Error", errorMessage: "cannot" } };

/** Ids of the records of a batch. */
export type Ids = readonly string[];

/** Event source mappings on a fake AWS endpoint, with a function that the test provides. */
export class MappingFixture {
  readonly aws = new FakeAws();
  readonly regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  readonly logged: string[] = [];
  /** Batches of all invocations, as record ids. */
  readonly batches: Ids[] = [];
  /** ARNs of the functions of all invocations. */
  readonly invoked: string[] = [];
  readonly events: { Records: EventRecord[] }[] = [];
  /** The function; it throws to reject an invocation. */
  handle: (ids: Ids, event: { Records: EventRecord[] }) => Invocation | Promise<Invocation> = () => SUCCESS;
  mappings!: LocalEventSourceMappings;
  now: () => number = Date.now;
  changeDelayMs = 0;
  streamChanges: StreamChanges | undefined;
  /** Access key of the function's role. */
  accessKeyId = "ASIAROLE";
  /** Whether the function exists. */
  exists = true;
  private endpoint = "";

  async start(directory?: string): Promise<this> {
    this.endpoint ||= await this.aws.start();
    if (this.aws.shards.size === 0) this.aws.addShard("shardId-1");
    this.mappings = new LocalEventSourceMappings({
      regions: this.regions,
      lambda: {
        invoke: async (functionArn, event) => this.invoke(functionArn, event as { Records: EventRecord[] }),
        clientConfig: (functionArn) => {
          this.failIfAbsent(functionArn);
          const { accessKeyId, endpoint } = this;
          const credentials = { accessKeyId, secretAccessKey: "secret", sessionToken: "session" };
          return { region: "eu-west-1", endpoint, credentials };
        },
        versionOf: (functionArn) => functionArn.split(":")[7] ?? "$LATEST",
      },
      log: (source, line) => this.logged.push(`${source}: ${line}`),
      directory,
      pollIntervalMs: 5,
      changeDelayMs: this.changeDelayMs,
      streamChanges: this.streamChanges,
      clock: () => this.now(),
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.mappings.close();
    await this.aws.close();
  }

  map(inputs: Record<string, unknown> = {}, options?: DeclaredIn): Promise<ExistingResource> {
    const declared = mappingResource(inputs);
    return createResource(this.mappings, MAPPING, declared.inputs, { name: declared.name, ...options });
  }

  change(existing: ExistingResource, changes: Record<string, unknown>): Promise<ExistingResource> {
    return updateResource(this.mappings, existing, { ...existing.inputs, ...changes });
  }

  /** Waits until the function was invoked with exactly these batches. */
  async expectBatches(expected: readonly Ids[]): Promise<void> {
    const wanted = JSON.stringify(expected);
    const arrived = (): boolean => this.batches.length >= expected.length;
    await waitFor(arrived, { what: wanted }).catch((cause) => {
      throw new Error(`The batches were ${JSON.stringify(this.batches)}`, { cause });
    });
    if (JSON.stringify(this.batches) !== wanted)
      throw new Error(`The batches were ${JSON.stringify(this.batches)}, not ${wanted}`);
  }

  private failIfAbsent(functionArn: string): void {
    if (this.exists) return;
    throw new LambdaServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`);
  }

  private async invoke(functionArn: string, event: { Records: EventRecord[] }): Promise<Invocation> {
    this.failIfAbsent(functionArn);
    this.invoked.push(functionArn);
    const ids = event.Records.map(idOf);
    this.batches.push(ids);
    this.events.push(event);
    return this.handle(ids, event);
  }
}

/** Declared mapping of the fake stream in Ireland. */
export function mappingResource(inputs: Record<string, unknown>): DeclaredResource {
  return {
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    name: "replication",
    physicalName: "replication-0123456",
    region: "eu-west-1",
    inputs: { eventSourceArn: STREAM, functionName: FUNCTION, startingPosition: "TRIM_HORIZON", ...inputs },
  };
}

/** Partial batch response that reports some records as failed. */
export function failing(event: { Records: EventRecord[] }, ids: Ids): Invocation {
  const failed = event.Records.filter((record) => ids.includes(idOf(record)));
  const batchItemFailures = failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }));
  return { payload: { batchItemFailures } };
}

function idOf(record: EventRecord): string {
  return (record.dynamodb.Keys as { id: { S: string } }).id.S;
}
