import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePrivateDirectory } from "../../../local/aws/private-files";

describe("makePrivateDirectory", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "private-files-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  it("creates a folder that only its owner can access", () => {
    makePrivateDirectory(join(folder, "data"));
    assert.equal(modeOf(join(folder, "data")), "700");
  });

  it("restricts existing files and folders, and follows no symbolic link", () => {
    const [data, outside] = [join(folder, "data"), join(folder, "outside")];
    mkdirSync(data);
    mkdirSync(join(data, "region"));
    for (const file of [outside, join(data, "key.pem"), join(data, "region", "table")])
      writeFileSync(file, "");
    symlinkSync(outside, join(data, "link"));
    for (const path of [data, join(data, "region")]) chmodSync(path, 0o755);
    for (const path of [outside, join(data, "key.pem"), join(data, "region", "table")])
      chmodSync(path, 0o644);
    makePrivateDirectory(data);
    assert.deepEqual(
      [data, join(data, "region"), join(data, "key.pem"), join(data, "region", "table"), outside].map(modeOf),
      ["700", "700", "600", "600", "644"],
    );
  });
});
