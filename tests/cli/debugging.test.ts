import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { decode } from "@jridgewell/sourcemap-codec";
import type { Addresses } from "../../local/addresses";
import { InspectorClient } from "../support/inspector-client";
import { waitFor } from "../support/wait-for";
import { Command } from "./command";

/** A file of a function, and a statement in it. */
const FILE = join(__dirname, "..", "..", "functions", "tickets", "get.ts");
const STATEMENT = "const stored = await table.get(id);";

/** Timeout of the functions of the API, in seconds. */
const FUNCTION_TIMEOUT_SECONDS = 10;

/** Script that an inspector announces. */
interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

describe("npm start -- --inspect", function () {
  this.timeout(180_000);
  let command: Command;
  afterEach(() => command.dispose());

  it("stops a request at a breakpoint in a TypeScript file for longer than the function's timeout", async () => {
    command = new Command(["--json", "--port", "0", "--no-types", "--no-domain", "--inspect"]);
    const { console, regions } = JSON.parse(await command.line(/^\{"stack"/)) as Addresses;
    await command.line(/^To open the debugger of a function, run npm run debugger/);
    const { api } = regions.ireland;
    const opened = await fetch(`${console}/functions/ireland-api-get/debugger`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state: "open" }),
    });
    const { webSocketDebuggerUrl } = (await opened.json()) as { webSocketDebuggerUrl: string };
    const client = await InspectorClient.debugging(webSocketDebuggerUrl);
    try {
      const script = await waitFor(
        () =>
          client.events
            .filter(({ method }) => method === "Debugger.scriptParsed")
            .map(({ params }) => params as ParsedScript)
            .find(({ url }) => url.endsWith("/__index.js")),
        { what: "the function's file" },
      );
      const location = generatedLocation(script);
      await client.send("Debugger.setBreakpoint", { location: { scriptId: script.scriptId, ...location } });

      const response = fetch(`${api}/tickets/01ARZ3NDEKTSV4RRFFQ69G5FAV`);
      const { callFrames } = await client.event("Debugger.paused");
      assert.equal(callFrames[0].location.lineNumber, location.lineNumber);
      await sleep((FUNCTION_TIMEOUT_SECONDS + 1) * 1000);
      const { result } = await client.send<{ result: { value: string } }>("Debugger.evaluateOnCallFrame", {
        callFrameId: callFrames[0].callFrameId,
        expression: "id",
      });
      assert.equal(result.value, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
      await client.send("Debugger.resume");
      const { status } = await response;
      assert.equal(status, 404);
    } finally {
      client.close();
    }
    command.signal("SIGTERM");
    assert.equal(await command.exitCode(), 0);
    assert.deepEqual(command.leftovers(), []);
  });
});

/** Returns the place of the statement in a script, as an editor finds it with the source map. */
function generatedLocation({ sourceMapURL }: ParsedScript): { lineNumber: number; columnNumber: number } {
  const data = /^data:application\/json;charset=utf-8;base64,(.+)$/.exec(sourceMapURL ?? "")?.[1];
  assert.ok(data, "the script has no source map");
  const map = JSON.parse(Buffer.from(data, "base64").toString()) as {
    sources: string[];
    sourcesContent: string[];
    mappings: string;
  };
  const source = map.sources.indexOf(pathToFileURL(FILE).href);
  const text = readFileSync(FILE, "utf8");
  assert.equal(map.sourcesContent[source], text);
  const wanted = text.split("\n").findIndex((line) => line.includes(STATEMENT));
  for (const [lineNumber, segments] of decode(map.mappings).entries())
    for (const segment of segments)
      if (segment[1] === source && segment[2] === wanted) return { lineNumber, columnNumber: segment[0] };
  return assert.fail("the statement has no mapping");
}
