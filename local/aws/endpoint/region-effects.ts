import type { IncomingMessage, ServerResponse } from "node:http";
import type { Regions } from "../regions";
import { effectsOf, type RegionState } from "../region-state";
import { ServiceError } from "./service-errors";
import { jsonBodyOf, targetOperation, type AwsRequest } from "./aws-request";

/** X-Amz-Target prefix of DynamoDB's table API. DynamoDB Streams has another prefix and is not affected. */
const TABLES_TARGET = "DynamoDB_20120810";
const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];

/**
 * Delay of a function's call to DynamoDB, in milliseconds.
 * @param state state of the called region.
 */
export function databaseDelayMs(call: AwsRequest, state: RegionState): number {
  return isTableCall(call) ? (effectsOf(state).database.delayMs ?? 0) : 0;
}

/**
 * Returns the error with which DynamoDB responds because of its region's state, or undefined.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @param state state of the called region.
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

/**
 * Whether DynamoDB applies a call and never responds, because of its region's state. A client cannot distinguish this from a slow
 * response: its limit ends first.
 * @param state state of the called region.
 * @param healthItem id of the item that the called region's health check writes.
 */
export function isLeftUnanswered(call: AwsRequest, state: RegionState, healthItem: string): boolean {
  const { leavesUnanswered } = effectsOf(state).database;
  return leavesUnanswered === "writes" && isTableCall(call) && isWrite(call) && !writesItem(call, healthItem);
}

/** Makes a response send nothing. The connection stays open until its client closes it. */
export function discardResponse(response: ServerResponse): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => response;
}

function isTableCall(call: AwsRequest): boolean {
  return call.scope.service === "dynamodb" && targetOperation(call, TABLES_TARGET) !== undefined;
}

function isWrite(call: AwsRequest): boolean {
  return WRITES.includes(targetOperation(call, TABLES_TARGET) as string);
}

/** Returns whether a call writes only the item with an id. */
function writesItem(call: AwsRequest, id: string): boolean {
  const { Item, Key } = jsonBodyOf(call) as Record<string, { id?: { S?: string } } | undefined>;
  return (Item ?? Key)?.id?.S === id;
}

/** Call in flight between two regions. */
interface InFlightCall {
  /** AWS codes of the regions. */
  readonly from: string;
  readonly to: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Calls in flight. Drops the connection of a call when its regions can no longer reach each other. */
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
