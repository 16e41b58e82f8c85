import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { makeDirectory } from "../../../shared/make-directory";
import { ComparableInputs, Contents } from "../../../local/pulumi/contents";

const { AssetArchive, FileArchive, FileAsset, RemoteAsset, StringAsset } = pulumi.asset;

describe("Contents", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "contents-"));
    makeDirectory(join(directory, "package", "inner"));
    write("package/index.js", "one");
    write("package/inner/more.js", "two");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(name: string, text: string): void {
    writeFileSync(join(directory, name), text);
  }

  /** A new instance, as each run of the program has. */
  function comparable(inputs: Record<string, unknown>): Promise<ComparableInputs> {
    return new Contents(directory).comparable(inputs);
  }

  function functionCode(text = "handler"): Record<string, unknown> {
    const entries = { "index.js": new StringAsset(text), "node_modules/p": new FileArchive("package") };
    return { code: new AssetArchive(entries), layers: [], environment: { variables: { A: "1" } } };
  }

  it("returns equal inputs for equal contents in new assets and archives", async () => {
    assert.deepEqual(await comparable(functionCode()), await comparable(functionCode()));
  });

  it("keeps inputs that are no assets", async () => {
    const { layers, environment } = await comparable(functionCode());
    assert.deepEqual({ layers, environment }, { layers: [], environment: { variables: { A: "1" } } });
  });

  it("returns other inputs when a text in an archive changes", async () => {
    assert.notDeepEqual(await comparable(functionCode("other")), await comparable(functionCode()));
  });

  const changes: [title: string, change: () => void][] = [
    ["a file changes", () => write("package/index.js", "changed")],
    ["a file in a folder of a folder changes", () => write("package/inner/more.js", "changed")],
    ["a file is added", () => write("package/inner/new.js", "")],
    ["a file is removed", () => rmSync(join(directory, "package", "index.js"))],
  ];
  for (const [title, change] of changes)
    it(`returns other inputs when ${title}, at the same path`, async () => {
      const before = await comparable(functionCode());
      change();
      assert.notDeepEqual(await comparable(functionCode()), before);
    });

  it("compares a single file by content, not by path", async () => {
    write("same.html", "one");
    const inputs = (path: string): Record<string, unknown> => ({ source: new FileAsset(path) });
    assert.deepEqual(await comparable(inputs("same.html")), await comparable(inputs("package/index.js")));
    write("same.html", "two");
    assert.notDeepEqual(await comparable(inputs("same.html")), await comparable(inputs("package/index.js")));
  });

  it("uses the hash that the engine computed instead of the file's current content", async () => {
    const source = Object.assign(new FileAsset("deleted.html"), { hash: "7692c3ad" });
    assert.deepEqual(await comparable({ source }), { source: { contentDigest: "7692c3ad" } });
  });

  it("gives a text the hash that the engine computes for it", async () => {
    assert.deepEqual(await comparable({ source: new StringAsset("abc") }), {
      source: { contentDigest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    });
  });

  it("compares remote assets by URI", async () => {
    const inputs = (uri: string): Record<string, unknown> => ({ source: new RemoteAsset(uri) });
    assert.deepEqual(
      await comparable(inputs("https://a.test/")),
      await comparable(inputs("https://a.test/")),
    );
    assert.notDeepEqual(
      await comparable(inputs("https://a.test/")),
      await comparable(inputs("https://b.test/")),
    );
  });

  it("rejects a path that does not exist with its name", async () => {
    await assert.rejects(comparable({ source: new FileAsset("missing.html") }), /missing\.html/);
  });
});
