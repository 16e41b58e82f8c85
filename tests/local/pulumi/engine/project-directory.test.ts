import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { linkProject, writeStackConfig } from "../../../../local/pulumi/engine/project-directory";

describe("project directory of the engine", () => {
  let project: string;
  let directory: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "project-"));
    directory = mkdtempSync(join(tmpdir(), "linked-"));
  });
  afterEach(() => {
    for (const folder of [project, directory]) rmSync(folder, { recursive: true });
  });

  function configuration(): unknown {
    return parse(readFileSync(join(directory, "Pulumi.ireland.yaml"), "utf8"));
  }

  it("contains the project, without the files of its stacks", async () => {
    for (const name of ["Pulumi.yaml", "Pulumi.ireland.yaml", "index.ts"])
      writeFileSync(join(project, name), name);
    await linkProject(project, directory);
    assert.deepEqual(readdirSync(directory).sort(), ["Pulumi.yaml", "index.ts"]);
    assert.equal(readFileSync(join(directory, "index.ts"), "utf8"), "index.ts");
  });

  it("has its own copy of Pulumi.yaml", async () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: tickets");
    await linkProject(project, directory);
    writeFileSync(join(directory, "Pulumi.yaml"), "name: other");
    assert.equal(readFileSync(join(project, "Pulumi.yaml"), "utf8"), "name: tickets");
  });

  it("receives the configuration: lists and objects as such, other values as text", async () => {
    const config = {
      "tickets:regions": '[{"name":"ireland"}]',
      "tickets:protectData": "true",
      "a:b": "[no list",
    };
    await writeStackConfig(directory, "ireland", config);
    assert.deepEqual(configuration(), { config: { ...config, "tickets:regions": [{ name: "ireland" }] } });
  });

  it("keeps the other settings of the stack and drops old configuration", async () => {
    await writeStackConfig(directory, "ireland", { "a:b": "1" });
    const file = join(directory, "Pulumi.ireland.yaml");
    writeFileSync(file, `encryptionsalt: salt\n${readFileSync(file, "utf8")}`);
    await writeStackConfig(directory, "ireland", { "c:d": "2" });
    assert.deepEqual(configuration(), { encryptionsalt: "salt", config: { "c:d": "2" } });
  });
});
