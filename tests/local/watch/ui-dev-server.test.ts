import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeServer, listen } from "../../../local/aws/listen";
import { UiDevServer } from "../../../local/watch/ui-dev-server";
import { waitFor } from "../../support/wait-for";

const PAGE = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; connect-src 'self' https:" />
<script type="module" src="./main.ts"></script>`;

describe("UiDevServer", function () {
  this.timeout(120_000);
  let folder: string;
  let server: Server;
  let port: number;
  let ui: UiDevServer;
  const sockets: Socket[] = [];

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "ui-")));
    write("index.html", PAGE);
    write("main.ts", "export const version: number = 1;");
    ui = await UiDevServer.start(folder, join(folder, "cache"));
    server = createServer((incoming, answer) => {
      if (ui.serves(incoming)) void ui.handle(incoming, answer);
      else answer.end("deployed");
    });
    server.on("upgrade", (incoming, socket, head) => ui.upgrade(incoming, socket, head));
    port = await listen(server, { port: 0, purpose: "a test" });
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await closeServer(server);
    await ui.close();
    rmSync(folder, { recursive: true });
  });

  /** Replaces a file at once, because Vite would take a file that is half written for a correct one. */
  function write(name: string, text: string): void {
    writeFileSync(`${folder}.unfinished`, text);
    renameSync(`${folder}.unfinished`, join(folder, name));
  }

  /** Saves a source again and again, because Vite's watcher ignores a second change within 50 milliseconds. */
  async function saveUntil(text: string, what: string, condition: () => boolean): Promise<void> {
    const save = (): boolean => {
      write("main.ts", text);
      return condition();
    };
    await waitFor(save, { what });
  }

  async function get(path: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return response.text();
  }

  /** Opens the WebSocket of Vite's client and returns what the server sends. */
  async function connect(): Promise<() => string> {
    const [, token] = /const wsToken = "([^"]+)"/.exec(await get("/@vite/client")) ?? [];
    const headers = {
      ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
      ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol": "vite-hmr" },
      ...{ origin: `http://127.0.0.1:${port}` },
    };
    const outgoing = request({ port, host: "127.0.0.1", path: `/?token=${token}`, headers }).end();
    const [, socket, head] = (await once(outgoing, "upgrade")) as [IncomingMessage, Socket, Buffer];
    sockets.push(socket);
    let received = head.toString("latin1");
    socket.on("data", (data: Buffer) => (received += data.toString("latin1")));
    return () => received;
  }

  it("serves the page and its sources, transpiled, with a policy that Vite's client needs", async () => {
    const page = await get("/");
    assert.match(page, /src="\/@vite\/client"/);
    assert.match(page, /style-src 'self' 'unsafe-inline'; connect-src 'self' ws: https:/);
    assert.match(await get("/main.ts"), /export const version = 1/);
  });

  it("leaves the configuration and the built files to the deployed web UI", async () => {
    for (const path of ["/config.json", "/config.json?x", "/assets/index-1.js"])
      assert.equal(await get(path), "deployed", path);
  });

  it("reloads open pages, but not for a source with an error until it is fixed", async () => {
    const text = await connect();
    await get("/main.ts");
    const count = (type: string): number => text().split(`"type":"${type}"`).length - 1;
    await saveUntil("export const version: number = 2;", "a reload", () => count("full-reload") > 0);
    await saveUntil("export const version: number = ;", "the error in the browser", () => count("error") > 0);
    await waitFor(async () => (await get("/")) === "deployed", { what: "the deployed page" });
    const before = count("full-reload");
    await saveUntil("export const version: number = ; ", "a second error", () => count("error") > 1);
    assert.equal(count("full-reload"), before);
    const isReloaded = (): boolean => count("full-reload") > before;
    await saveUntil("export const version: number = 3;", "a reload after the fix", isReloaded);
    await waitFor(async () => (await get("/main.ts")).includes("version = 3"), { what: "the fixed source" });
  });

  it("shows an error of the program in open pages and in those that are opened later, and removes it", async () => {
    const text = await connect();
    ui.showError("the program is wrong");
    await waitFor(() => text().includes("the program is wrong"), { what: "the error" });
    const later = await connect();
    await waitFor(() => later().includes("the program is wrong"), { what: "the error in another page" });
    ui.showError(undefined);
    await waitFor(() => later().includes('"type":"update"'), { what: "the removal" });
    const last = await connect();
    await waitFor(() => last().includes('"type":"connected"'), { what: "the connection" });
    assert.ok(!last().includes("the program is wrong"));
  });

  it("rejects a folder that Vite cannot serve, with the reason", async () => {
    write("vite.config.mjs", "export default wrong;");
    await assert.rejects(
      UiDevServer.start(folder, join(folder, "cache")),
      /Vite, which serves the web UI with --watch, does not start: /,
    );
    rmSync(join(folder, "vite.config.mjs"));
  });
});
