import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { waitFor } from "./wait-for";

/** Event of the Chrome DevTools Protocol. */
interface InspectorEvent {
  readonly method: string;
  // Each event has its own parameters.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly params: any;
}

/** Client of a debugger, such as an editor, over the Chrome DevTools Protocol. */
export class InspectorClient {
  readonly events: InspectorEvent[] = [];
  private readonly replies = new Map<number, { result?: unknown; error?: { message: string } }>();
  private count = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.id === undefined) this.events.push(message);
      else this.replies.set(message.id, message);
    });
    socket.on("error", () => undefined);
  }

  /** Connects to a WebSocket URL. @throws Error if the server refuses. */
  static async connect(url: string): Promise<InspectorClient> {
    const socket = new WebSocket(url);
    const client = new InspectorClient(socket);
    await once(socket, "open");
    return client;
  }

  /** Connects and enables the debugger, as editors do. Resolves when the inspector has replied. */
  static async debugging(url: string): Promise<InspectorClient> {
    const client = await InspectorClient.connect(url);
    await client.send("Runtime.enable");
    await client.send("Debugger.enable");
    return client;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Sends a command and returns its result. @throws AssertionError with the error of the inspector. */
  async send<T = unknown>(method: string, params: object = {}): Promise<T> {
    const id = ++this.count;
    this.socket.send(JSON.stringify({ id, method, params }));
    const reply = await waitFor(() => this.replies.get(id), { what: `the reply to ${method}` });
    assert.equal(reply.error, undefined);
    return reply.result as T;
  }

  /** Returns the parameters of the next event of a kind, and forgets it. */
  async event(method: string): Promise<InspectorEvent["params"]> {
    const index = await waitFor(
      () => {
        const found = this.events.findIndex((event) => event.method === method);
        return found === -1 ? undefined : found + 1;
      },
      { what: `the event ${method}` },
    );
    return this.events.splice(index - 1, 1)[0].params;
  }

  close(): void {
    this.socket.terminate();
  }
}
