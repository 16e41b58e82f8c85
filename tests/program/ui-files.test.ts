import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uiFiles } from "../../regional/ui-files";
import { DIGEST_FILE, sourcesDigest } from "../../ui/sources";

describe("uiFiles", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "page-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("names the build command if the web UI is not built", () => {
    assert.throws(() => uiFiles(folder), /The web UI is not built.*npm run build/);
  });

  it("names the build command if the sources have changed since the build", () => {
    const dist = join(folder, "dist");
    for (const path of [dist, join(folder, "src")]) mkdirSync(path);
    writeFileSync(join(dist, "index.html"), "");
    writeFileSync(join(folder, "src", "main.ts"), "first");
    writeFileSync(join(dist, DIGEST_FILE), sourcesDigest(folder));
    assert.deepEqual(
      uiFiles(dist).map(({ key }) => key),
      ["index.html"],
    );
    writeFileSync(join(folder, "src", "main.ts"), "second");
    assert.throws(
      () => uiFiles(dist),
      /The web UI is not up to date: .*dist was not built from the current sources.*npm run build/,
    );
    rmSync(join(dist, DIGEST_FILE));
    assert.throws(() => uiFiles(dist), /The web UI is not up to date/);
  });

  it("rejects a file of an unknown content type", () => {
    writeFileSync(join(folder, "index.html"), "");
    writeFileSync(join(folder, "movie.xyz"), "");
    assert.throws(() => uiFiles(folder), /movie\.xyz is not known.*\.html/s);
  });
});
