import { createServer, STATUS_CODES, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { SecureContext } from "node:tls";
import { createServer as createTcpServer, type Socket } from "node:net";
import { closeServer, listen, listenInRegion } from "../listen";
import type { Regions } from "../regions";

/** Above AWS's limit, so that a request a little over it still gets a proper answer. */
const MAX_HEADER_SIZE = 64 * 1024;

/** An HTTP server that answers malformed requests as API Gateway does and outlives them. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, listener);
  return server.on("clientError", answerMalformed);
}

/**
 * An HTTPS server, TLS 1.2 or newer, whose certificate follows the name the client asks for.
 * @param contextOf throws when there is no certificate for the name; the handshake is then refused.
 */
export function createHttpsServer(
  contextOf: (serverName: string) => SecureContext,
  listener: RequestListener,
): TlsServer {
  const server = createTlsServer(
    {
      maxHeaderSize: MAX_HEADER_SIZE,
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

/** Keeps a server's open sockets in a set, those that are still shaking hands too, which the server itself does not close. */
export function trackSockets<S extends Server | TlsServer>(server: S, sockets: Set<Socket>): S {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return server;
}

/**
 * Starts one server on each region's address, all on one port.
 * @param port 0 takes a port that is free on every address.
 * @param create makes a region's server by the region's AWS code.
 * @param namesOf the names that a region's server answers to, by the region's AWS code.
 * @param alsoFreeOn other addresses on which the port must be free when it is chosen here.
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

/** @throws Error when another program has the port. */
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
