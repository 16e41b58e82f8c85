import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { closeServer, keepIdleConnections, listen } from "../listen";

/** Error that a function reports. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack trace, if the runtime reported one. */
  readonly trace?: readonly string[];
}

/** Result of an invocation. */
export type Invocation = { readonly payload: unknown } | { readonly functionError: FunctionError };

/** Event for a child process. */
export interface InvocationRequest {
  readonly requestId: string;
  /** The request id, after that of API Gateway if the event has one, for the log. */
  readonly loggedIds: readonly string[];
  /** JSON. */
  readonly event: string;
  readonly functionArn: string;
  readonly timeoutSeconds: number;
}

/** Events that a child process reports over its Runtime API. */
export interface RuntimeEvents {
  /** The child asks for an event: it is loaded, and has finished the previous event. */
  ready(): void;
  responded(requestId: string, result: Invocation): void;
  failedToLoad(error: FunctionError): void;
  /** The connection on which the child waited for an event was closed: the child has exited, before its exit event. */
  disconnected(): void;
}

/** Maximum size of a response, as for synchronous invocations on AWS. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

/**
 * Lambda Runtime API of one child process. Each has its own loopback port, so that no child can respond for another.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private waiting: ServerResponse | undefined;

  constructor(private readonly events: RuntimeEvents) {
    keepIdleConnections(this.server);
  }

  /** @returns host and port, in the format of AWS_LAMBDA_RUNTIME_API. */
  async start(): Promise<string> {
    return `127.0.0.1:${await listen(this.server, { port: 0, purpose: "a function's Runtime API" })}`;
  }

  /** Sends an event to the child, which must be waiting for one. */
  deliver(request: InvocationRequest): void {
    const response = this.waiting;
    if (!response) throw new Error("The child process is not waiting for an event.");
    this.waiting = undefined;
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": request.requestId,
      "Lambda-Runtime-Deadline-Ms": String(Date.now() + request.timeoutSeconds * 1000),
      "Lambda-Runtime-Invoked-Function-Arn": request.functionArn,
      "Lambda-Runtime-Trace-Id": traceId(),
    });
    response.end(request.event);
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, path, requestId, outcome] =
      /^\/2018-06-01\/runtime\/(init\/error|invocation\/next|invocation\/([^/]+)\/(response|error))$/.exec(
        request.url ?? "",
      ) ?? [];
    if (request.method === "GET" && path === "invocation/next") {
      this.waiting = response;
      response.once("close", () => {
        if (this.waiting === response) this.events.disconnected();
      });
      return this.events.ready();
    }
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    if (request.method !== "POST" || path === undefined || path === "invocation/next")
      return sendJson(response, 404, {
        errorType: "NotFound",
        errorMessage: `${request.method} ${request.url}`,
      });
    if (path === "init/error") this.events.failedToLoad(parseError(body));
    else if (outcome === "error") this.events.responded(requestId, { functionError: parseError(body) });
    else this.events.responded(requestId, parseResponse(body));
    sendJson(response, 202, { status: "OK" });
  }
}

/** Creates a request id in Lambda's format. */
export function newRequestId(): string {
  return randomUUID();
}

function traceId(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${time}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parseResponse(body: string): Invocation {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_RESPONSE_BYTES)
    return {
      functionError: {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
      },
    };
  try {
    return { payload: JSON.parse(body) };
  } catch {
    return {
      functionError: { errorType: "Runtime.MarshalError", errorMessage: "The response is not JSON." },
    };
  }
}

function parseError(body: string): FunctionError {
  try {
    const { errorType, errorMessage, trace } = JSON.parse(body);
    const error = { errorType: String(errorType), errorMessage: String(errorMessage) };
    return Array.isArray(trace) ? { ...error, trace: trace.map(String) } : error;
  } catch {
    return { errorType: "Unhandled", errorMessage: body };
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** Describes the exit of a child process as Lambda does. */
export function describeExit(code: number | null): string {
  return code === 0 ? "exited without providing a reason" : `exited with error: exit status ${code}`;
}

/** Returns the result of an invocation that failed. */
export function functionError(errorType: string, errorMessage: string): { functionError: FunctionError } {
  return { functionError: { errorType, errorMessage } };
}
