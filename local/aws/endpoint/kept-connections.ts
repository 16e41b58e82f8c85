import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Header in which the AWS SDK passes on the trace id that Lambda gives to each invocation. */
const TRACE_HEADER = "x-amzn-trace-id";

/**
 * Time after which a connection that an earlier invocation has used is dead, in milliseconds. AWS names none. It is shorter than any that is
 * reported, so that every longer pause of a function shows what a dead connection causes. It is longer than the pauses between the checks
 * and probes of a fast local cloud: a new connection for nearly every call would overload a busy machine.
 */
const IDLE_MS = 10_000;

/** Last call on a connection. */
interface LastCall {
  /** Trace id of the invocation that made it. */
  readonly invocation: string;
  /** Time of the end of its response, from `performance.now()`. */
  endedAt: number;
}

/**
 * Connections that functions keep between two invocations. On AWS they can be dead when the function is thawed: "Lambda purges idle
 * connections over time. Attempting to reuse an idle connection when invoking a function will result in a connection error."
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
 * https://github.com/aws/aws-sdk-js-v3/issues/1196
 *
 * The function learns of it only when it sends its next request, as on AWS. The end of a connection that the frozen process receives at
 * once would be read before the next invocation, and the SDK would not use that connection.
 */
export class KeptConnections {
  private readonly lastCalls = new WeakMap<Socket, LastCall>();

  /** @param idleMs time after which a connection that an earlier invocation has used is dead. */
  constructor(private readonly idleMs = IDLE_MS) {}

  /** Returns whether a request is the first one of its invocation on a connection that is dead. Registers the request otherwise. */
  isDead({ headers, socket }: IncomingMessage, response: ServerResponse): boolean {
    const invocation = String(headers[TRACE_HEADER] ?? "");
    const last = this.lastCalls.get(socket);
    if (last && last.invocation !== invocation && performance.now() - last.endedAt > this.idleMs) return true;
    const call = { invocation, endedAt: Infinity };
    this.lastCalls.set(socket, call);
    response.once("close", () => (call.endedAt = performance.now()));
    return false;
  }
}
