import { status, type handleUnaryCall } from "@grpc/grpc-js";
import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyChange } from "./detailed-diff";
import type { ResourceDiff, StoredResource } from "./resource-operations";
import type { WireProperties } from "./wire";

/** Options of a gRPC server or client: archives in messages exceed the default limit of 4 MB. */
export const UNLIMITED_MESSAGES = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
} as const;

/**
 * Returns the handler of a method. A rejected promise becomes a gRPC error with its message.
 * @param respond receives the request and the address of the client's end of the connection.
 */
export function unary<Request, Response>(
  respond: (request: Request, peer: string) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    respond(call.request, call.getPeer()).then(
      (response) => callback(null, response),
      (error: Error) => callback({ code: status.UNKNOWN, details: error.message }),
    );
  };
}

/** Returns properties of a message as an object. */
export function plain(properties: Struct | undefined): WireProperties {
  return (properties?.toJavaScript() ?? {}) as WireProperties;
}

/** Returns properties for a message. */
export function struct(properties: WireProperties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

/** Returns the engine's state of a resource from the parts of a request. */
export function storedOf(
  id: string,
  outputs: Struct | undefined,
  inputs: Struct | undefined,
): StoredResource {
  return { id, outputs: plain(outputs), inputs: plain(inputs) };
}

/** Returns whether there are changes, as a value of the protocol. */
export function changesOf(isChanged: boolean): DiffResponse.DiffChanges {
  return isChanged ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE;
}

/** Returns the response to a Diff request. */
export function diffResponse({
  kind,
  changed,
  replacing,
  deleteBeforeReplace,
  details,
}: ResourceDiff): DiffResponse {
  const response = new DiffResponse()
    .setChanges(changesOf(kind !== "none"))
    .setDiffsList(inputsOf(changed))
    .setReplacesList(inputsOf(replacing))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const map = response.getDetaileddiffMap();
  // Input difference: the engine shows the old and the new input, not the old output.
  for (const [path, change] of details)
    map.set(path, new PropertyDiff().setKind(kindOf(change)).setInputdiff(true));
  return response;
}

function inputsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split(".")[0]))];
}

function kindOf({ kind, replaces }: PropertyChange): PropertyDiff.Kind {
  const { Kind } = PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  return kinds[kind][replaces ? 1 : 0];
}
