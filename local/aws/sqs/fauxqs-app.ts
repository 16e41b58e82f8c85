import type { Server } from "node:http";

/** In-process request, which also works while the region is down. */
export interface InjectedRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Path and query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

/** Response to an in-process request; `rawPayload` is the body in bytes. */
export interface InjectedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly body: string;
  readonly rawPayload: Buffer;
}

/** Response that fauxqs is about to send. */
interface FauxqsReply {
  readonly statusCode: number;
  header(name: string, value: string): unknown;
}

/** Used part of the Fastify application of fauxqs. */
export interface FauxqsApp {
  readonly server: Server;
  ready(): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
  inject(request: InjectedRequest): PromiseLike<InjectedResponse>;
  addHook(
    name: "preHandler",
    hook: (request: FauxqsRequest, reply: FauxqsReply, done: () => void) => void,
  ): unknown;
  addHook(
    name: "onSend",
    hook: (
      request: FauxqsRequest,
      reply: FauxqsReply,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => void,
  ): unknown;
}

/** Request that fauxqs is handling. */
export interface FauxqsRequest {
  readonly method: string;
  readonly url: string;
  readonly query: Record<string, string | undefined>;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: unknown;
}
