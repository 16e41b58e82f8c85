import assert from "node:assert/strict";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as closure from "@pulumi/pulumi/runtime/closure/serializeClosure";
import { describeRouting } from "../../../functions/routing/routing";
import { sentinel } from "../../../functions/sentinel/sentinel";
import { cachedSerialize, cacheFunctionsOf } from "../../../local/pulumi/function-cache";
import { texts as transpiledTexts } from "../../../scripts/typescript/transpiler";

type Serialize = Parameters<typeof cachedSerialize>[0];

/** Cache in memory that stands in for the disk cache between two processes. */
class MemoryCache {
  readonly entries = new Map<string, { readonly key: string; readonly value: unknown }>();

  readEntry(name: string, key: string): unknown {
    const entry = this.entries.get(name);
    return entry?.key === key ? entry.value : undefined;
  }

  writeEntry(name: string, key: string, value: unknown): void {
    this.entries.set(name, { key, value });
  }
}

const PROJECT = join(__dirname, "..", "..", "..");
const OPTIONS = { isFactoryFunction: true };

describe("function cache", () => {
  let serialized: object[];
  let cache: MemoryCache;
  const secret = { containsSecrets: false };
  const serialize: Serialize = async (handler) => {
    serialized.push(handler);
    return { text: `${serialized.length}`, exportName: "handler", ...secret };
  };

  beforeEach(() => {
    serialized = [];
    cache = new MemoryCache();
    secret.containsSecrets = false;
  });

  it("serializes a function once for this process and the next", async () => {
    const first = cachedSerialize(serialize, cache);
    const { text } = await first(describeRouting, OPTIONS);
    assert.equal((await first(describeRouting, OPTIONS)).text, text);
    assert.equal((await cachedSerialize(serialize, cache)(describeRouting, OPTIONS)).text, text);
    assert.deepEqual(serialized, [describeRouting]);
  });

  it("distinguishes functions, and the options of one function", async () => {
    await cachedSerialize(serialize, cache)(describeRouting, OPTIONS);
    const next = cachedSerialize(serialize, cache);
    assert.equal((await next(sentinel, OPTIONS)).text, "2");
    assert.equal((await cachedSerialize(serialize, cache)(describeRouting, {})).text, "3");
  });

  it("serializes a function once for the project and a copy of it", async () => {
    const copy = realpathSync(mkdtempSync(join(tmpdir(), "function-cache-")));
    try {
      for (const name of ["functions", "shared", "openapi.json"])
        cpSync(join(PROJECT, name), join(copy, name), { recursive: true });
      symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"));
      const load = createRequire(join(copy, "index.ts"));
      const copied = (
        load("./functions/routing/routing") as typeof import("../../../functions/routing/routing")
      ).describeRouting;
      await cachedSerialize(serialize, cache)(describeRouting, OPTIONS);
      cacheFunctionsOf(copy);
      assert.notEqual(copied, describeRouting);
      assert.equal((await cachedSerialize(serialize, cache)(copied, OPTIONS)).text, "1");
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("serializes a function again if a file that it needs indirectly has changed", async () => {
    await cachedSerialize(serialize, cache)(describeRouting, OPTIONS);
    const file = require.resolve("../../../functions/shared/environment");
    const texts = transpiledTexts as Map<string, string>;
    const text = texts.get(file);
    assert.ok(text, "functions/shared/environment.ts is not loaded by the function");
    texts.set(file, "another text");
    try {
      assert.equal((await cachedSerialize(serialize, cache)(describeRouting, OPTIONS)).text, "2");
    } finally {
      texts.set(file, text);
    }
  });

  it("writes no entry for a function that no module exports or that contains secrets", async () => {
    const captured = "something";
    await cachedSerialize(serialize, cache)(() => captured, OPTIONS);
    secret.containsSecrets = true;
    await cachedSerialize(serialize, cache)(describeRouting, OPTIONS);
    assert.equal(serialized.length, 2);
    assert.equal(cache.entries.size, 0);
  });

  it("returns the same text as Pulumi, from the process and from a file", async function () {
    const pulumis = closure.serializeFunction as unknown as Serialize;
    const { text } = await cachedSerialize(pulumis, cache)(describeRouting, OPTIONS);
    assert.match(text, /exports\.handler = /);
    const fromFile = new MemoryCache();
    for (const [name, entry] of cache.entries) fromFile.entries.set(name, JSON.parse(JSON.stringify(entry)));
    const again = await cachedSerialize(pulumis, fromFile)(describeRouting, OPTIONS);
    assert.deepEqual(again, await pulumis(describeRouting, OPTIONS));
  });
});
