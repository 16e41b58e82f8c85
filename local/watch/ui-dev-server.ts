import { ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Frontend } from "../aws/frontend";
import { proxyRequest } from "../aws/reverse-proxy";

/** Message of the process with Vite. */
interface Message {
  /** Port on which Vite listens. */
  readonly port?: number;
  /** Whether Vite cannot transform the last version of a file. */
  readonly broken?: boolean;
  /** Why Vite did not start. */
  readonly failure?: string;
}

/** Files that the program deploys and that are not among the sources. */
const DEPLOYED = /^\/(config\.json$|assets\/)/;

/**
 * Vite's development server in a process of its own, which answers for the deployed web UI under the UI's origin. While a source has an
 * error, or when its process has ended, it answers nothing, so that a page that is loaded then gets the deployed files, the last good version.
 */
export class UiDevServer implements Frontend {
  private isBroken = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {
    child.on("message", ({ broken }: Message) => (this.isBroken = broken ?? this.isBroken));
    child.once("exit", () => (this.isBroken = true));
  }

  /**
   * @param uiFolder folder with the sources.
   * @param cacheFolder folder of this server alone.
   * @throws Error with the reason why Vite does not start.
   */
  static async start(uiFolder: string, cacheFolder: string): Promise<UiDevServer> {
    const child = fork(join(__dirname, "ui-process.js"), [uiFolder, cacheFolder], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    const ended = once(child, "exit").then(([code]) => ({ failure: `its process ended with ${code}` }));
    const started = once(child, "message").then(([message]) => message as Message);
    const { port, failure }: Message = await Promise.race([started, ended]);
    if (port !== undefined) return new UiDevServer(child, port);
    child.kill();
    throw new Error(`Vite, which serves the web UI with --watch, does not start: ${failure}.`);
  }

  serves(request: IncomingMessage): boolean {
    return !this.isBroken && !DEPLOYED.test((request.url ?? "/").split("?")[0]);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await proxyRequest(request, response, { upstream: { protocol: "http:", ...this.target(request) } });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const outgoing = httpRequest(this.target(request));
    socket.on("error", () => outgoing.destroy());
    outgoing.on("error", () => socket.destroy());
    outgoing.on("response", () => socket.destroy());
    outgoing.on("upgrade", ({ rawHeaders }, upstream, upstreamHead) => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      upstream.on("error", () => socket.destroy()).on("close", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
      socket.write(upstreamHead);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    outgoing.end();
  }

  /** Shows an error over the web UI in every browser that has it open; undefined removes it. */
  showError(error: string | undefined): void {
    if (this.child.connected) this.child.send({ error });
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  /** Vite checks the host against names that it knows. */
  private target({ url, method, headers }: IncomingMessage): {
    host: string;
    port: number;
    path: string | undefined;
    method: string | undefined;
    headers: IncomingMessage["headers"];
  } {
    const host = "127.0.0.1";
    return {
      host,
      port: this.port,
      path: url,
      method,
      headers: { ...headers, host: `${host}:${this.port}` },
    };
  }
}
