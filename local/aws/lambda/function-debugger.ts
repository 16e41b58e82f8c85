import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { isLoopbackName, nameOfHost } from "../allowed-hosts";
import { closeServer, listen } from "../listen";
import { DebuggerSession } from "./debugger-session";
import type { DebuggerTarget } from "./debugger-target";

/** Time that a client waits until the function has a process, in milliseconds. */
const MAX_WAIT_FOR_TARGET_MS = 15_000;
/** WebSocket close code "try again later". */
const TRY_AGAIN_LATER = 1013;

/** Addresses of an open debugger. */
export interface DebuggerAddresses {
  readonly port: number;
  /** For tools that speak the Chrome DevTools Protocol. */
  readonly webSocketDebuggerUrl: string;
  /** To open in Chrome. */
  readonly devtoolsFrontendUrl: string;
}

/**
 * Debugger of one function at a fixed port of this machine. It forwards the Chrome DevTools Protocol to the function's current process, so
 * that the port stays the same when the process is replaced, and observes whether the process is paused.
 * Source: https://chromedevtools.github.io/devtools-protocol/
 */
export class FunctionDebugger {
  private readonly id = randomUUID();
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly sessions = new Set<DebuggerSession>();
  private readonly waiting = new Set<(target: DebuggerTarget) => void>();
  private target: DebuggerTarget | undefined;
  private port = 0;
  private finishedPausesMs = 0;
  private pausedSince: number | undefined;

  /**
   * @param title of the function, for the user.
   * @param startTarget starts a process of the function, if it has none.
   */
  private constructor(
    private readonly title: string,
    private readonly startTarget: () => void,
  ) {}

  /**
   * @param port 0 lets the operating system choose.
   * @throws PortInUseError if another program uses the port.
   */
  static async open(title: string, port: number, startTarget: () => void): Promise<FunctionDebugger> {
    const opened = new FunctionDebugger(title, startTarget);
    opened.port = await listen(opened.server, { port, purpose: `the debugger of ${title}` });
    opened.server.on("upgrade", (request, socket, head) => opened.upgrade(request, socket, head));
    return opened;
  }

  get addresses(): DebuggerAddresses {
    const address = `127.0.0.1:${this.port}/${this.id}`;
    return {
      port: this.port,
      webSocketDebuggerUrl: `ws://${address}`,
      devtoolsFrontendUrl: `devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=${address}`,
    };
  }

  /** Whether a debugger has paused the function. */
  get isPaused(): boolean {
    return this.pausedSince !== undefined;
  }

  /** Time that the function was paused until now, in milliseconds. */
  get pausedMs(): number {
    return (
      this.finishedPausesMs + (this.pausedSince === undefined ? 0 : performance.now() - this.pausedSince)
    );
  }

  /** The function has a new process. Clients of an earlier one stay connected to it until it ends. */
  attach(target: DebuggerTarget): void {
    this.target = target;
    this.waiting.forEach((resolve) => resolve(target));
    this.waiting.clear();
  }

  /** The process has ended, or waits at its end for its clients to leave. */
  detach(target: DebuggerTarget): void {
    if (this.target === target) this.target = undefined;
    this.sessions.forEach((session) => {
      if (session.target === target) session.close();
    });
  }

  async close(): Promise<void> {
    this.sessions.forEach((session) => session.close());
    this.sockets.clients.forEach((client) => client.terminate());
    await closeServer(this.server);
  }

  /** HTTP interface by which clients find the WebSocket: https://nodejs.org/en/learn/getting-started/debugging */
  private answer({ url = "/" }: IncomingMessage, response: ServerResponse): void {
    const path = url.replace(/\/$/, "");
    const { webSocketDebuggerUrl, devtoolsFrontendUrl } = this.addresses;
    const target = {
      description: "function of the local cloud",
      devtoolsFrontendUrl,
      id: this.id,
      title: this.title,
      type: "node",
      url: "file://",
      webSocketDebuggerUrl,
    };
    const versions = { Browser: `node.js/${process.version}`, "Protocol-Version": "1.1" };
    const body = { "/json": [target], "/json/list": [target], "/json/version": versions }[path];
    response.writeHead(body ? 200 : 404, { "Content-Type": "application/json; charset=UTF-8" });
    response.end(JSON.stringify(body ?? { detail: "Paths: /json/list, /json/version." }));
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node.js leaves the errors of the socket to this listener, and ends the process for one without a listener.
    socket.on("error", () => socket.destroy());
    const host = nameOfHost(request.headers.host ?? "");
    // The path is a secret, which no web site can guess, and it is read only from an accepted host.
    if (host === undefined || !isLoopbackName(host) || request.url !== `/${this.id}`) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      // Messages are kept until the process is known.
      client.pause();
      void this.nextTarget().then((target) => {
        if (client.readyState !== WebSocket.OPEN) return;
        if (!target) return client.close(TRY_AGAIN_LATER, "The function has no process.");
        const session = new DebuggerSession(client, target, () => this.onPauseChange(target));
        this.sessions.add(session);
        client.once("close", () => {
          this.sessions.delete(session);
          this.onPauseChange(target);
        });
        client.resume();
      });
    });
  }

  /** Returns the current process, or the one that starts next; undefined if none has started in time. */
  private async nextTarget(): Promise<DebuggerTarget | undefined> {
    if (this.target) return this.target;
    const next = new Promise<DebuggerTarget | undefined>((resolve) => {
      this.waiting.add(resolve);
      setTimeout(() => resolve(undefined), MAX_WAIT_FOR_TARGET_MS).unref();
    });
    this.startTarget();
    return next;
  }

  private onPauseChange(target: DebuggerTarget): void {
    const sessions = [...this.sessions];
    target.setPaused(sessions.some((session) => session.target === target && session.isPaused));
    const isPaused = sessions.some((session) => session.isPaused);
    if (isPaused === this.isPaused) return;
    this.finishedPausesMs = this.pausedMs;
    this.pausedSince = isPaused ? performance.now() : undefined;
  }
}
