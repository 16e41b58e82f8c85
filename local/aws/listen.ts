import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { rejectForeignHosts } from "./allowed-hosts";
import type { LocalRegion, Regions } from "./regions";

/** Address of a server. Only loopback addresses are accepted. */
export interface ListenOptions {
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** A loopback address; `127.0.0.1` by default. */
  readonly host?: string;
  /** Purpose of the port, for the message when it is in use. */
  readonly purpose: string;
  /** Returns further host names that an HTTP server accepts, in lower case; called for every request. */
  readonly ownNames?: () => readonly string[];
}

/**
 * Lets the client alone close idle connections. By default Node.js closes them after five seconds, possibly while the client sends the
 * next request, which then fails. SDK clients repeat it, except those with one attempt.
 * https://nodejs.org/docs/latest-v20.x/api/http.html#serverkeepalivetimeout
 */
export function keepIdleConnections(server: HttpServer): void {
  server.keepAliveTimeout = 0;
}

/** Servers that check the Host header already. A server that listens again must not check twice. */
const guarded = new WeakSet<Server>();

/** Thrown when another program uses a port. */
export class PortInUseError extends Error {
  constructor(
    readonly port: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Starts a server on a loopback address and returns its port. An HTTP server rejects foreign host names.
 * @throws PortInUseError, or Error when the address does not exist on this machine; both name the purpose of the port.
 */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  const host = options.host ?? "127.0.0.1";
  if (!host.startsWith("127."))
    throw new Error(`${host} is not a loopback address; the local cloud listens on 127.0.0.0/8 only.`);
  if (!guarded.has(server)) rejectForeignHosts(server, options.ownNames);
  guarded.add(server);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, host, options));
    server.once("error", fail);
    server.listen(options.port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** Wait before the next attempt to listen on a port that another program took while the region was down. */
const RETRY_MS = 200;

/** Ends the connection between a server and the state of its region. */
const leaveRegion = new WeakMap<Server, () => void>();

/**
 * Starts the server of a region. While the region is down, the server has no connections and refuses new ones. It follows the
 * region until `closeServer`.
 */
export async function listenInRegion(
  server: Server,
  regions: Regions,
  code: string,
  options: ListenOptions,
): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listen(server, options);
  let isDown = false;
  let isClosed = false;
  const follow = (region: LocalRegion): void => {
    if (region.code !== code) return;
    if (region.state === "down") {
      isDown = true;
      server.close();
      sockets.forEach((socket) => socket.destroy());
    } else if (isDown) {
      isDown = false;
      listenAgain(server, { ...options, port }, () => !isDown && !isClosed);
    }
  };
  regions.on("change", follow);
  leaveRegion.set(server, () => {
    isClosed = true;
    regions.off("change", follow);
  });
  return port;
}

/** Listens on the port again. While another program uses the port, warns once and retries. */
function listenAgain(server: Server, options: ListenOptions, isWanted: () => boolean): void {
  let warned = false;
  const attempt = (): void => {
    if (!isWanted() || server.listening) return;
    listen(server, options).catch((error: Error) => {
      if (!warned) process.emitWarning(error.message);
      warned = true;
      setTimeout(attempt, RETRY_MS).unref();
    });
  };
  attempt();
}

/**
 * Closes a server and its connections. The server of a region does not listen again when the region comes back.
 * @param drainMs time that requests have to finish, in milliseconds; by default none.
 */
export async function closeServer(
  server: Server & { closeAllConnections?: () => void },
  drainMs = 0,
): Promise<void> {
  leaveRegion.get(server)?.();
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const closeConnections = (): void => server.closeAllConnections?.();
  if (drainMs === 0) closeConnections();
  const deadline = drainMs === 0 ? undefined : setTimeout(closeConnections, drainMs);
  await closed;
  clearTimeout(deadline);
}

function explain(error: NodeJS.ErrnoException, host: string, options: ListenOptions): Error {
  if (error.code === "EADDRINUSE")
    return new PortInUseError(
      options.port,
      `Port ${options.port} on ${host}, needed for ${options.purpose}, is in use. Stop the program that uses it, or choose other ports with --port.`,
    );
  if (error.code === "EADDRNOTAVAIL")
    return new Error(
      `The loopback address ${host}, needed for ${options.purpose}, does not exist on this machine. On macOS add it with: sudo ifconfig lo0 alias ${host} up`,
    );
  return new Error(`${options.purpose} cannot listen on ${host}:${options.port}: ${error.message}`);
}
