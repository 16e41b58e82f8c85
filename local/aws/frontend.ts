import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Server that answers requests in place of a deployed web site, such as a development server with the sources of its files. */
export interface Frontend {
  /** Returns whether it answers the request; otherwise the deployed web site does. */
  serves(request: IncomingMessage): boolean;
  /** Answers a request. Rejects only if the connection breaks. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request to switch to WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Passes a request to switch to WebSocket on to a frontend, or rejects it without one. */
export function upgrade(
  frontend: Frontend | undefined,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // Node.js leaves the errors of the socket to the listener, and ends the process for one without a listener.
  socket.on("error", () => socket.destroy());
  if (frontend) frontend.upgrade(request, socket, head);
  else socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}
