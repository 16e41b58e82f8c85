import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { readContents, withContents, withoutContents, writeContents, type Contents } from "./contents";

const { specialSigKey, specialAssetSig, specialArchiveSig } = runtime;

describe("the contents of a recorded state", () => {
  const BYTES = Buffer.from([0xff, 0x00, 0xfe]);
  let folder: string;
  let contents: Contents;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recorded-contents-"));
    mkdirSync(join(folder, "package", "lib"), { recursive: true });
    writeFileSync(join(folder, "package", "lib", "index.js"), "exports.ö = 1;");
    writeFileSync(join(folder, "icon.ico"), BYTES);
    contents = new Map();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const resource = (): { inputs: Record<string, unknown> } => ({
    inputs: {
      code: {
        [specialSigKey]: specialArchiveSig,
        hash: "whole",
        assets: {
          "index.js": { [specialSigKey]: specialAssetSig, hash: "text", text: "run();" },
          "node_modules/package": { [specialSigKey]: specialArchiveSig, hash: "package", path: "package" },
        },
      },
      source: { [specialSigKey]: specialAssetSig, hash: "icon", path: join(folder, "icon.ico") },
      other: ["unchanged", 1, null],
    },
  });

  it("are not in the resource, only their hashes are", () => {
    const recorded = JSON.stringify(withoutContents(resource(), contents, folder));
    assert.deepEqual([...contents.keys()].sort(), ["icon", "package", "text"]);
    for (const part of [folder, "run();"]) assert.ok(!recorded.includes(part), part);
    for (const hash of ["whole", ...contents.keys()]) assert.ok(recorded.includes(`"hash":"${hash}"`), hash);
  });

  it("are the same after a recording is written and restored", () => {
    const recorded = withoutContents(resource(), contents, folder);
    const file = join(folder, "contents.json.br");
    writeContents(file, contents);
    const target = join(folder, "restored");
    mkdirSync(target);
    const restored = withContents(recorded, readContents(file), target);
    const expected = JSON.stringify(resource())
      .replace('"path":"package"', `"path":"${join(target, "package")}"`)
      .replace(join(folder, "icon.ico"), join(target, "icon"));
    assert.deepEqual(restored, JSON.parse(expected));
    assert.equal(readFileSync(join(target, "package", "lib", "index.js"), "utf8"), "exports.ö = 1;");
    assert.deepEqual(readFileSync(join(target, "icon")), BYTES);
  });

  it("are an error if one is missing", () => {
    const recorded = withoutContents(resource(), contents, folder);
    contents.delete("icon");
    const error = /The recording has no content with the hash icon/;
    assert.throws(() => withContents(recorded, contents, folder), error);
  });
});
