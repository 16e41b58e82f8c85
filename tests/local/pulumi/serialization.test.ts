import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as closure from "@pulumi/pulumi/runtime/closure/serializeClosure";
import { checkHealth } from "../../../functions/health/health";
import { prepareSerialization } from "../../../local/pulumi/serialization";

const PROJECT = resolve(__dirname, "../../..");

describe("prepareSerialization", () => {
  it("lets the event loop run while a function is serialized", async () => {
    prepareSerialization();
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    // Pulumi's own function: the one that programs call returns a text from the cache.
    const { text } = await closure.serializeFunction(checkHealth, { isFactoryFunction: true });
    isDone = true;
    assert.match(text, /exports\.handler/);
    assert.ok(turns >= 3, `The event loop ran ${turns} times.`);
  });

  it("does not load the module domain, which makes promises slower", () => {
    // In a process of its own: another test of this one may have loaded the module.
    const script = `
      const requireHere = require("node:module").createRequire(${JSON.stringify(join(PROJECT, "index.ts"))});
      const { serializeFunction } = requireHere("@pulumi/pulumi/runtime/closure/serializeClosure");
      requireHere("./local/pulumi/serialization").prepareSerialization();
      const path = require("node:path");
      serializeFunction(() => path.sep, {}).then(() => {
        const isLoaded = (name) => process.moduleLoadList.includes("NativeModule " + name);
        console.log(["cluster", "domain", "repl"].filter(isLoaded).join());
      });`;
    const folder = mkdtempSync(join(tmpdir(), "serialization-"));
    // A file, because Node.js loads these modules itself for a script on its command line.
    const file = join(folder, "script.js");
    writeFileSync(file, script);
    const register = join(PROJECT, "scripts/typescript/register.js");
    const { stdout } = spawnSync(process.execPath, ["-r", register, file], {
      cwd: PROJECT,
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    assert.equal(stdout, "cluster\n", "Pulumi has loaded the other modules of Node.js.");
  });
});
