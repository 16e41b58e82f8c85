import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type RawData, WebSocket } from "ws";
import type { DebuggerTarget } from "./debugger-target";
import type { ArchiveSourceMaps } from "./source-map";

/** Events of the protocol that a session reads. The inspector of Node.js writes the method first. */
const OBSERVED = /^\{"method":"(Debugger\.(?:paused|resumed|scriptParsed))"/;

/** Heap snapshots and profiles are long. */
const MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;

/** Connection of one client to the inspector of a function's process. */
export class DebuggerSession {
  private readonly inspector: WebSocket;
  private paused = false;

  /** @param onPauseChange called when the process was paused or resumed. */
  constructor(
    private readonly client: WebSocket,
    readonly target: DebuggerTarget,
    private readonly onPauseChange: () => void,
  ) {
    this.inspector = new WebSocket(target.inspectorUrl, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    const early: string[] = [];
    client.on("message", (data) => {
      if (this.inspector.readyState === WebSocket.OPEN) this.inspector.send(textOf(data));
      else early.push(textOf(data));
    });
    this.inspector.on("open", () => early.forEach((text) => this.inspector.send(text)));
    this.inspector.on("message", (data) => client.send(this.observed(textOf(data))));
    for (const socket of [client, this.inspector]) {
      socket.on("close", () => this.close());
      socket.on("error", () => this.close());
    }
  }

  get isPaused(): boolean {
    return this.paused;
  }

  close(): void {
    this.paused = false;
    this.client.terminate();
    // A pause that begins while the session closes ends by itself.
    this.inspector.removeAllListeners("message");
    // Node.js 20 can crash (SIGSEGV) when the connection of a client breaks off during an invocation.
    this.inspector.close();
  }

  /** Returns a message of the inspector for the client. */
  private observed(text: string): string {
    const method = OBSERVED.exec(text)?.[1];
    if (method === undefined) return text;
    if (method === "Debugger.scriptParsed") return withSourceMap(text, this.target.sourceMaps);
    this.paused = method === "Debugger.paused";
    this.onPauseChange();
    return text;
  }
}

/** Adds the source map to an event about a file of the archive, which contains none. */
function withSourceMap(text: string, sourceMaps: ArchiveSourceMaps): string {
  const event = JSON.parse(text) as { params: { url: string; sourceMapURL?: string } };
  const { url, sourceMapURL } = event.params;
  const map = url.startsWith("file://") && !sourceMapURL ? sourceMaps.ofFile(fileURLToPath(url)) : undefined;
  if (!map) return text;
  const forClient = {
    ...map,
    sources: map.sources.map((path) => pathToFileURL(path).href),
    sourcesContent: map.sources.map(contentOf),
  };
  const data = Buffer.from(JSON.stringify(forClient)).toString("base64");
  event.params.sourceMapURL = `data:application/json;charset=utf-8;base64,${data}`;
  return JSON.stringify(event);
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The file was removed after the program was loaded.
    return null;
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
}
