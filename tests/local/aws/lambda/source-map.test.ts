import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "@jridgewell/sourcemap-codec";
import { ArchiveSourceMaps } from "../../../../local/aws/lambda/source-map";

describe("Source maps of an archive", () => {
  let folder: string;
  let file: string;
  let maps: ArchiveSourceMaps;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "source-map-")));
    file = join(folder, "index.js");
    writeFileSync(file, "code");
    const mappings = encode([[], [[4, 0, 6, 2]], [], [[0, 1, 0, 0]]]);
    maps = new ArchiveSourceMaps(
      folder,
      (code) =>
        code === "code"
          ? { version: 3, sources: ["/project/functions/a.ts", "/elsewhere/b.ts"], names: [], mappings }
          : undefined,
      "/project",
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it("translate a frame to the path in the project, the line and the column", () => {
    assert.equal(maps.translate(`    at run (${file}:2:5)`), "    at run (functions/a.ts:7:3)");
    assert.equal(maps.translate(`    at ${file}:2:9`), "    at functions/a.ts:7:3");
    assert.equal(maps.translate(`    at file://${file}:2:9`), "    at functions/a.ts:7:3");
  });

  it("translate a frame to the absolute path of a source outside the project", () => {
    assert.equal(maps.translate(`    at ${file}:4:1`), "    at /elsewhere/b.ts:1:1");
  });

  it("translate every frame in a JSON text", () => {
    const text = JSON.stringify({ stack: `Error\n    at ${file}:2:5\n    at ${file}:4:1` });
    assert.equal(
      JSON.parse(maps.translate(text)).stack,
      "Error\n    at functions/a.ts:7:3\n    at /elsewhere/b.ts:1:1",
    );
  });

  it("keep a frame without a mapping in its line, of a file without a map, and of another folder", () => {
    const other = join(folder, "other.js");
    writeFileSync(other, "other code");
    for (const frame of [
      `${file}:2:2`,
      `${file}:3:1`,
      `${file}:9:1`,
      `${other}:2:5`,
      `${folder}/absent.js:1:1`,
      `/x${file}x:2:5`,
    ])
      assert.equal(maps.translate(`    at ${frame}`), `    at ${frame}`);
  });

  it("translate frames that name the folder behind a symbolic link", () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      const linked = new ArchiveSourceMaps(link, () => maps.ofFile(file), "/project");
      assert.equal(linked.translate(`at ${file}:2:5`), "at functions/a.ts:7:3");
      assert.equal(linked.translate(`at ${join(link, "index.js")}:2:5`), "at functions/a.ts:7:3");
    } finally {
      rmSync(link);
    }
  });
});
