import type { IncomingMessage, ServerResponse } from "node:http";
import type { Regions } from "../regions";
import { effectsOf, type RegionState } from "../region-state";
import { ServiceError } from "./service-errors";
import { jsonBodyOf, targetOperation, type AwsRequest } from "./aws-request";

/** X-Amz-Target's prefix of DynamoDB's tables; its streams have another one and go on. */
const TABLES_TARGET = "DynamoDB_20120810";
const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];

/**
 * How late a call of a function to DynamoDB is answered, in milliseconds.
 * @param state of the called region.
 */
export function databaseDelayMs(call: AwsRequest, state: RegionState): number {
  return isTableCall(call) ? (effectsOf(state).database.delayMs ?? 0) : 0;
}

/**
 * The error that DynamoDB answers because of its region's state; undefined when it does what it is asked.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @param state of the called region.
 * @param healthItem id of the item that the called region's health check writes.
 */
export function databaseFault(
  call: AwsRequest,
  state: RegionState,
  healthItem: string,
): ServiceError | undefined {
  const { rejects } = effectsOf(state).database;
  if (!isTableCall(call)) return undefined;
  if (rejects === "everything")
    return new ServiceError(
      400,
      "ProvisionedThroughputExceededException",
      "The level of configured provisioned throughput for the table was exceeded (the local cloud throttles this region).",
    );
  if (rejects === "writes" && isWrite(call) && !writesItem(call, healthItem))
    return new ServiceError(
      500,
      "InternalServerError",
      "Internal server error (the local cloud fails writes here).",
    );
  return undefined;
}

function isTableCall(call: AwsRequest): boolean {
  return call.scope.service === "dynamodb" && targetOperation(call, TABLES_TARGET) !== undefined;
}

function isWrite(call: AwsRequest): boolean {
  return WRITES.includes(targetOperation(call, TABLES_TARGET) as string);
}

/** Whether a call writes the item of an id alone. */
function writesItem(call: AwsRequest, id: string): boolean {
  const { Item, Key } = jsonBodyOf(call) as Record<string, { id?: { S?: string } } | undefined>;
  return (Item ?? Key)?.id?.S === id;
}

/** A call on its way, between two regions. */
interface InFlightCall {
  /** AWS codes of the regions. */
  readonly from: string;
  readonly to: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The calls that have not been answered. One whose regions stop reaching each other is cut off, as by the network. */
export class InFlightCalls {
  private readonly calls = new Set<InFlightCall>();
  private readonly dropUnreachable = (): void => {
    for (const { from, to, request } of this.calls)
      if (!this.regions.reaches(from, to)) request.socket.destroy();
  };

  constructor(private readonly regions: Regions) {
    regions.on("change", this.dropUnreachable);
  }

  add(call: InFlightCall): void {
    this.calls.add(call);
    call.response.once("close", () => this.calls.delete(call));
  }

  close(): void {
    this.regions.off("change", this.dropUnreachable);
  }
}
