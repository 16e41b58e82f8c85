import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPulumi } from "../../../../local/pulumi/engine/pulumi-cli";

describe("findPulumi", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "path-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("returns the first executable file named pulumi", () => {
    for (const name of ["folder", "text", "program", "second"]) mkdirSync(join(folder, name));
    mkdirSync(join(folder, "folder", "pulumi"));
    writeFileSync(join(folder, "text", "pulumi"), "");
    for (const name of ["program", "second"])
      writeFileSync(join(folder, name, "pulumi"), "", { mode: 0o755 });
    const path = ["", "missing", "folder", "text", "program", "second"].map(
      (name) => name && join(folder, name),
    );
    assert.equal(findPulumi(path.join(delimiter)), join(folder, "program", "pulumi"));
  });

  it("returns nothing without the program", () => {
    assert.equal(findPulumi(folder), undefined);
    assert.equal(findPulumi(""), undefined);
  });
});
