import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDataDirectory, requirePage } from "../../local/preconditions";

describe("before anything starts", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "preconditions-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("the page must have been built", () => {
    const message = `The page is not built: ${join(directory, "ui", "dist")} has no index.html. Build it with: npm run build`;
    assert.throws(() => requirePage(directory), { message });
    mkdirSync(join(directory, "ui", "dist"), { recursive: true });
    assert.throws(() => requirePage(directory), { message });
    writeFileSync(join(directory, "ui", "dist", "index.html"), "");
    requirePage(directory);
  });

  it("the folder for data is made, and one that exists is taken as it is", async () => {
    const data = join(directory, "a", "b");
    await makeDataDirectory(data);
    writeFileSync(join(data, "kept"), "");
    await makeDataDirectory(data);
    assert.ok(existsSync(join(data, "kept")));
  });

  it("a folder for data that cannot be made is named", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below")])
      await assert.rejects(makeDataDirectory(path), (error: Error) =>
        error.message.startsWith(`--data is ${JSON.stringify(path)}, which cannot be used: `),
      );
  });
});
