import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";

/** HTTP request as it is sent. */
export interface HttpRequest {
  readonly method: string;
  /** Percent-encoded path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** HTTP response as it was received. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Exceeds the timeout of a function (10 s). */
const TIMEOUT_MS = 60_000;
/** Time without received bytes after which `sendBytes` closes its side of the connection. */
const QUIET_MS = 150;

/** HTTP client with persistent connections that can send requests which `fetch` would reject or correct. */
export class HttpClient {
  private readonly agent: Agent;

  /**
   * @param url of a region's API, without a trailing slash.
   * @param connections maximum number of open connections; further requests wait.
   */
  constructor(
    readonly url: string,
    connections = 2,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error if the connection fails or the response is not complete within 20 seconds. */
  send({ method, path, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      // A request with `Expect: 100-continue` also needs a content-length.
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const options = { agent: this.agent, hostname, port, method, path, headers: { ...headers, ...length } };
      const outgoing = httpRequest(options);
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`${method} ${path}: no response within ${TIMEOUT_MS} ms.`)),
        TIMEOUT_MS,
      );
      outgoing.once("error", reject).once("close", () => clearTimeout(timer));
      outgoing.once("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject).once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as HttpResponse["headers"],
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

  /** Returns this client as one that records its last GET. */
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
        if (!last) throw new Error("This client has sent no GET.");
        return last;
      },
    };
  }

  /**
   * Sends bytes over a new connection and returns all bytes received until the connection closes. The client closes its side when it
   * has received nothing for a while.
   * @throws Error if the connection is still open after 20 seconds.
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
      // A server can reset a connection with malformed bytes, which also closes it.
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
