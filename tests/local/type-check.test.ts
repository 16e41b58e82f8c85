import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeServer, listen } from "../../local/aws/listen";
import { checkTypes } from "../../local/type-check";
import { waitFor } from "../support/wait-for";

describe("checkTypes", function () {
  let folder: string;
  let server: Server;
  let api: string;
  let status: number;
  let requests: number;
  let lines: string[];
  let stopping: AbortController;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "type-check-"));
    [status, requests, lines, stopping] = [200, 0, [], new AbortController()];
    server = createServer((_, response) => {
      requests++;
      response.writeHead(status).end("{}");
    });
    api = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a test" })}`;
  });
  afterEach(async () => {
    stopping.abort();
    await closeServer(server);
    rmSync(folder, { recursive: true });
  });

  function check(source: string): Promise<void> {
    writeFileSync(join(folder, "source.ts"), source);
    const project = join(folder, "tsconfig.json");
    writeFileSync(
      project,
      JSON.stringify({ compilerOptions: { types: [], lib: ["ES2020"] }, files: ["source.ts"] }),
    );
    const report = (line: string): void => void lines.push(line);
    return checkTypes({ apis: [api, api], report, stop: stopping.signal, project });
  }

  it("reports each error and the number of errors", async () => {
    await check(`export const one: number = "1";\nexport const two: { a: 1 } = { a: 1, b: 2 };\n`);
    assert.match(lines[0], /source\.ts\(1,14\): error TS2322: /);
    assert.match(lines.slice(1, -1).join("\n"), /source\.ts\(2,\d+\): error TS2353: /);
    assert.equal(lines.at(-1), "The program has 2 type errors. It runs, but pulumi up rejects it.");
  });

  it("reports nothing without errors", async () => {
    await check("export const one = 1;\n");
    assert.deepEqual(lines, []);
  });

  it("waits until the regions are healthy", async () => {
    status = 503;
    const done = check(`export const one: number = "1";\n`);
    await waitFor(() => requests >= 3, { what: "three health requests" });
    assert.deepEqual(lines, []);
    status = 200;
    await done;
    assert.equal(lines.length, 2);
  });

  it("ends at once if it is aborted while it waits or checks", async () => {
    status = 503;
    const waiting = check("export {};\n");
    await waitFor(() => requests > 0, { what: "a health request" });
    stopping.abort();
    await waiting;

    stopping = new AbortController();
    status = 200;
    requests = 0;
    const checking = check(`export const one: number = "1";\n`);
    await waitFor(() => requests === 2, { what: "healthy regions" });
    stopping.abort();
    await checking;
    assert.deepEqual(lines, []);
  });
});
