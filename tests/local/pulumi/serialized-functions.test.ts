import assert from "node:assert/strict";
import * as closure from "@pulumi/pulumi/runtime/closure/serializeClosure";
import { describeRouting } from "../../../functions/routing/routing";
import { sentinel } from "../../../functions/sentinel/sentinel";
import { serializingOnce } from "../../../local/pulumi/serialized-functions";

type Serialize = Parameters<typeof serializingOnce>[0];

/** What one process leaves for the next. */
class MemoryCache {
  readonly entries = new Map<string, { readonly key: string; readonly value: unknown }>();

  recall(name: string, key: string): unknown {
    const entry = this.entries.get(name);
    return entry?.key === key ? entry.value : undefined;
  }

  keep(name: string, key: string, value: unknown): void {
    this.entries.set(name, { key, value });
  }
}

const OPTIONS = { isFactoryFunction: true };

describe("A serialised function", () => {
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

  it("is made once, in this process and the next", async () => {
    const first = serializingOnce(serialize, cache);
    const { text } = await first(describeRouting, OPTIONS);
    assert.equal((await first(describeRouting, OPTIONS)).text, text);
    assert.equal((await serializingOnce(serialize, cache)(describeRouting, OPTIONS)).text, text);
    assert.deepEqual(serialized, [describeRouting]);
  });

  it("is not taken for another one, or for the same one made otherwise", async () => {
    await serializingOnce(serialize, cache)(describeRouting, OPTIONS);
    const next = serializingOnce(serialize, cache);
    assert.equal((await next(sentinel, OPTIONS)).text, "2");
    assert.equal((await serializingOnce(serialize, cache)(describeRouting, {})).text, "3");
  });

  it("is made anew when a file has changed that it needs only through another one", async () => {
    await serializingOnce(serialize, cache)(describeRouting, OPTIONS);
    const file = require.resolve("../../../functions/shared/environment");
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { sources } = require("../../../scripts/typescript/transpiler") as { sources: Map<string, string> };
    const source = sources.get(file);
    assert.ok(source, "Functions read their environment there.");
    sources.set(file, "another source");
    try {
      assert.equal((await serializingOnce(serialize, cache)(describeRouting, OPTIONS)).text, "2");
    } finally {
      sources.set(file, source);
    }
  });

  it("is not kept when no module exports it, or when it holds secrets", async () => {
    const captured = "something";
    await serializingOnce(serialize, cache)(() => captured, OPTIONS);
    secret.containsSecrets = true;
    await serializingOnce(serialize, cache)(describeRouting, OPTIONS);
    assert.equal(serialized.length, 2);
    assert.equal(cache.entries.size, 0);
  });

  it("says what Pulumi makes of it, whoever made it", async function () {
    const pulumis = closure.serializeFunction as unknown as Serialize;
    const { text } = await serializingOnce(pulumis, cache)(describeRouting, OPTIONS);
    assert.match(text, /exports\.handler = /);
    // As the next process has it: from a file.
    const kept = new MemoryCache();
    for (const [name, entry] of cache.entries) kept.entries.set(name, JSON.parse(JSON.stringify(entry)));
    const again = await serializingOnce(pulumis, kept)(describeRouting, OPTIONS);
    assert.deepEqual(again, await pulumis(describeRouting, OPTIONS));
  });
});
