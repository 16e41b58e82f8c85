import * as dgram from "node:dgram";
import * as net from "node:net";
import { closeServer, listen } from "../listen";
import type { Log } from "../log";
import type { DnsResult } from "./answer";
import { respond } from "./dns-message";

const HOST = "127.0.0.1";
const PURPOSE = "the DNS server";
const TCP_IDLE_MS = 10_000;
/** Maximum attempts to find a port that is free for both TCP and UDP. */
const PORT_TRIES = 10;

/** DNS server on one loopback port, over UDP and TCP. */
export class DnsServer {
  private readonly connections = new Set<net.Socket>();

  private constructor(
    readonly port: number,
    private readonly tcp: net.Server,
    private readonly udp: dgram.Socket,
  ) {
    tcp.on("connection", (socket) => {
      this.connections.add(socket);
      socket.once("close", () => this.connections.delete(socket));
    });
  }

  /**
   * Starts a server.
   * @param options.port 0 lets the operating system choose.
   * @throws Error when the port is in use.
   */
  static async start(options: {
    readonly port: number;
    readonly answer: (name: string, type: string) => DnsResult;
    readonly log: Log;
  }): Promise<DnsServer> {
    for (let tries = 1; ; tries++) {
      const tcp = net.createServer((socket) => serveConnection(socket, options.answer));
      const port = await listen(tcp, { port: options.port, host: HOST, purpose: PURPOSE });
      try {
        const udp = await bindUdp(port);
        serveDatagrams(udp, options.answer, options.log);
        return new DnsServer(port, tcp, udp);
      } catch (error) {
        await closeServer(tcp);
        if (options.port !== 0 || tries === PORT_TRIES) throw error;
      }
    }
  }

  /** Stops both servers and closes open connections. A second call has no effect. */
  async close(): Promise<void> {
    if (!this.tcp.listening) return;
    this.connections.forEach((socket) => socket.destroy());
    await Promise.all([closeServer(this.tcp), new Promise<void>((done) => this.udp.close(() => done()))]);
  }
}

async function bindUdp(port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, HOST, resolve);
    });
    return socket;
  } catch (error) {
    socket.close();
    const reason = (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? "is in use" : String(error);
    throw new Error(
      `UDP port ${port} on ${HOST}, needed for ${PURPOSE}, ${reason}. Stop the program that uses it, or choose other ports with --port.`,
      { cause: error },
    );
  }
}

function serveDatagrams(
  socket: dgram.Socket,
  answer: (name: string, type: string) => DnsResult,
  log: Log,
): void {
  socket.removeAllListeners("error");
  socket.on("error", (error) => log("dns", `a UDP response could not be sent: ${error.message}`));
  socket.on("message", (query, client) => {
    const response = respond(query, "udp", answer);
    if (response) socket.send(response, client.port, client.address);
  });
}

/** Serves the queries of one TCP connection, each preceded by its length in two bytes (RFC 7766). */
function serveConnection(socket: net.Socket, answer: (name: string, type: string) => DnsResult): void {
  let received = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy()); // The client disconnected.
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const response = respond(received.subarray(2, end), "tcp", answer);
      received = received.subarray(end);
      if (response) socket.write(Buffer.concat([lengthOf(response), response]));
    }
  });
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return length;
}
