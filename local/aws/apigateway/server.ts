import { createServer, STATUS_CODES, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { SecureContext } from "node:tls";
import { createServer as createTcpServer, type Socket } from "node:net";
import { closeServer, listen, listenInRegion } from "../listen";
import type { Regions } from "../regions";

/** Above AWS's limit, so that a request slightly over it receives API Gateway's response and not Node's. */
const MAX_HEADER_SIZE = 64 * 1024;

/**
 * Time for which a client's connection stays open between two requests, in milliseconds. AWS does not document it for HTTP APIs. This is
 * the default of AWS's load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
 */
export const IDLE_CONNECTION_MS = 60_000;

/** Creates an HTTP server that responds to malformed requests as API Gateway does. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_SIZE, keepAliveTimeout: IDLE_CONNECTION_MS },
    listener,
  );
  return server.on("clientError", answerMalformed);
}

/**
 * Creates an HTTPS server (TLS 1.2 or newer) that selects its certificate by the server name of the handshake.
 * @param contextOf throws when there is no certificate for the name; the handshake then fails.
 */
export function createHttpsServer(
  contextOf: (serverName: string) => SecureContext,
  listener: RequestListener,
): TlsServer {
  const server = createTlsServer(
    {
      maxHeaderSize: MAX_HEADER_SIZE,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      minVersion: "TLSv1.2",
      SNICallback: (serverName, done) => {
        try {
          done(null, contextOf(serverName));
        } catch (error) {
          done(error as Error);
        }
      },
    },
    listener,
  );
  return server.on("clientError", answerMalformed);
}

/** Keeps a set of a server's open sockets. It includes those in a TLS handshake, which the server itself does not close. */
export function trackSockets<S extends Server | TlsServer>(server: S, sockets: Set<Socket>): S {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return server;
}

/**
 * Starts one server on the address of each region, all on the same port.
 * @param port 0 chooses a port that is free on every address.
 * @param create creates the server of a region, given the region's AWS code.
 * @param namesOf returns the host names of a region's server, given the region's AWS code.
 * @param alsoFreeOn other addresses on which a port that is chosen here must be free.
 */
export async function listenOnEveryRegion<S extends Server | TlsServer>(
  regions: Regions,
  port: number,
  create: (code: string) => S,
  namesOf: (code: string) => readonly string[],
  alsoFreeOn: readonly string[] = [],
): Promise<{ port: number; servers: S[] }> {
  const attempts = port === 0 ? 5 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const servers: S[] = [];
    try {
      let chosen = port;
      for (const { code, name, address } of regions.all()) {
        const server = create(code);
        const purpose = `the custom domains of ${name}`;
        chosen = await listenInRegion(server, regions, code, {
          port: chosen,
          host: address,
          purpose,
          ownNames: () => namesOf(code),
        });
        servers.push(server);
      }
      if (port === 0) for (const host of alsoFreeOn) await expectFree(chosen, host);
      return { port: chosen, servers };
    } catch (error) {
      servers.forEach((server) => server.close());
      if (attempt === attempts) throw error;
    }
  }
}

/** @throws PortInUseError when another program uses the port. */
async function expectFree(port: number, host: string): Promise<void> {
  const server = createTcpServer();
  await listen(server, { port, host, purpose: "HTTPS" });
  await closeServer(server);
}

function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const body = JSON.stringify({ message: STATUS_CODES[status] });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
