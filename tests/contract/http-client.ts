import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";

/** A request as it goes over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** With the query, percent-encoded as it is sent. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer as it came over the wire. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Longer than the API may take: a function has ten seconds. */
const TIMEOUT_MS = 20_000;
/** So long after the last byte a client that sent bytes of its own making has nothing more to say. */
const QUIET_MS = 150;

/** A client that keeps its connections, and sends what `fetch` would refuse or mend. */
export class HttpClient {
  private readonly agent: Agent;

  /**
   * @param url of a region's API, without a slash at the end.
   * @param connections that may be open at once; further requests wait.
   */
  constructor(
    readonly url: string,
    connections = 2,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error when the connection breaks, or no whole answer comes within twenty seconds. */
  send({ method, path, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      // Also what expects to be told to go on has to say how much will come.
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const options = { agent: this.agent, hostname, port, method, path, headers: { ...headers, ...length } };
      const outgoing = httpRequest(options);
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`${method} ${path}: no answer within ${TIMEOUT_MS} ms.`)),
        TIMEOUT_MS,
      );
      outgoing.once("error", reject).once("close", () => clearTimeout(timer));
      outgoing.once("response", (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject).once("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers as HttpResponse["headers"],
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      outgoing.end(body);
    });
  }

  /** Sends a value as JSON. */
  sendJson(
    method: string,
    path: string,
    value: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpResponse> {
    const body = JSON.stringify(value);
    return this.send({ method, path, headers: { "content-type": "application/json", ...headers }, body });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    return this.send({ method: "GET", path, headers });
  }

  /** The same client as one that remembers the last GET that went through it. */
  recordingGets(): { readonly client: HttpClient; readonly last: () => HttpRequest } {
    let last: HttpRequest | undefined;
    const send = this.send.bind(this);
    const client: HttpClient = Object.assign(Object.create(this) as HttpClient, {
      send: (request: HttpRequest): Promise<HttpResponse> => {
        if (request.method === "GET") last = request;
        return send(request);
      },
    });
    return {
      client,
      last: () => {
        if (!last) throw new Error("No GET has gone through this client.");
        return last;
      },
    };
  }

  /**
   * Sends bytes over a connection of its own and gives everything that comes back until the connection ends. The client
   * ends its half when nothing has come for a while, as one that has sent all it has.
   * @throws Error when the connection is still open twenty seconds later.
   */
  sendBytes(bytes: Buffer): Promise<string> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: hostname, port: Number(port) }, () => void socket.write(bytes));
      const quiet = setTimeout(() => socket.end(), QUIET_MS);
      const limit = setTimeout(
        () => socket.destroy(new Error(`The connection is still open after ${TIMEOUT_MS} ms.`)),
        TIMEOUT_MS,
      );
      socket.on("data", (chunk) => {
        chunks.push(chunk);
        quiet.refresh();
      });
      // A server may reset a connection whose bytes make no sense; that is an end too.
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
      });
      socket.once("close", () => {
        clearTimeout(quiet);
        clearTimeout(limit);
        resolve(Buffer.concat(chunks).toString("latin1"));
      });
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
