import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPulumi, pulumiProblem } from "../../../../local/pulumi/engine/pulumi-cli";

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

describe("pulumiProblem", () => {
  const INSTALL = "Install the Pulumi CLI, version 3.260.0 or later: https://www.pulumi.com/docs/install/";
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "path-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Returns the problem of a program that runs a script. */
  function problemOf(script: string): string | undefined {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return pulumiProblem(folder);
  }

  it("accepts the minimum version and later ones", () => {
    for (const version of ["v3.260.0", "3.260.1", "v3.261.0-alpha.1+dirty", "v3.1000.0", "v4.0.0"])
      assert.equal(problemOf(`[ "$1" = version ] && echo ${version}`), undefined, version);
  });

  it("refuses an older version, and names both", () => {
    for (const version of ["3.259.9", "3.26.0", "3.99.0", "2.300.0"])
      assert.equal(
        problemOf(`echo v${version}`),
        `${join(folder, "pulumi")} is version ${version}, which is older than 3.260.0. ${INSTALL}`,
      );
  });

  it("refuses a program that fails or prints no version", () => {
    const problem = `${join(folder, "pulumi")} does not print its version. ${INSTALL}`;
    assert.equal(problemOf("echo v3.260.0; exit 1"), problem);
    assert.equal(problemOf("echo hello"), problem);
  });

  it("names the command that is missing", () => {
    assert.equal(pulumiProblem(folder), `The command pulumi is not on PATH. ${INSTALL}`);
  });
});
