import type { IncomingMessage } from "node:http";

/**
 * Reads a request body to its end; undefined if it is longer than a limit. A response before the end could be lost, because closing a
 * connection with unread bytes resets it.
 * @param limit in bytes.
 * @throws Error when the client disconnects.
 */
export async function readToEnd(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) chunks = [];
    else chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}
