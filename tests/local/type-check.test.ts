import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeServer, listen } from "../../local/aws/listen";
import { checkTypes } from "../../local/type-check";
import { waitFor } from "../support/wait-for";

describe("checkTypes", function () {
  this.timeout(60_000);

  let folder: string;
  let server: Server;
  let api: string;
  let status: number;
  let asked: number;
  let lines: string[];
  let stopping: AbortController;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "type-check-"));
    [status, asked, lines, stopping] = [200, 0, [], new AbortController()];
    server = createServer((_, response) => {
      asked++;
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

  it("reports each error and their number, and ends", async () => {
    await check(`export const one: number = "1";\nexport const two: { a: 1 } = { a: 1, b: 2 };\n`);
    assert.match(lines[0], /source\.ts\(1,14\): error TS2322: /);
    assert.match(lines.slice(1, -1).join("\n"), /source\.ts\(2,\d+\): error TS2353: /);
    assert.equal(lines.at(-1), "The program has 2 type errors. It runs, but pulumi up rejects it.");
  });

  it("reports nothing when the types are right", async () => {
    await check("export const one = 1;\n");
    assert.deepEqual(lines, []);
  });

  it("waits until the regions are healthy", async () => {
    status = 503;
    const done = check(`export const one: number = "1";\n`);
    await waitFor(() => asked >= 3, { what: "three questions" });
    assert.deepEqual(lines, []);
    status = 200;
    await done;
    assert.equal(lines.length, 2);
  });

  it("ends at once when the local cloud stops, while it waits and while it checks", async () => {
    status = 503;
    const waiting = check("export {};\n");
    await waitFor(() => asked > 0, { what: "a question" });
    stopping.abort();
    await waiting;

    stopping = new AbortController();
    status = 200;
    asked = 0;
    const checking = check(`export const one: number = "1";\n`);
    await waitFor(() => asked === 2, { what: "healthy regions" });
    stopping.abort();
    await checking;
    assert.deepEqual(lines, []);
  });
});
