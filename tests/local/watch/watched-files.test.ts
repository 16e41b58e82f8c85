import assert from "node:assert/strict";
import { join } from "node:path";
import { loadProgram } from "../../../local/pulumi/program-loading";
import { WatchedFiles } from "../../../local/watch/watched-files";
import { swapProgram } from "../support/program-swap";

const PROJECT = join(__dirname, "..", "..", "..");
const at = (name: string): string => join(PROJECT, name);

describe("WatchedFiles", () => {
  const files = new WatchedFiles(PROJECT, "ireland");
  let restoreProgram: () => void;

  before(async () => {
    // A program that loads files of `functions/` and `ui/`.
    restoreProgram = swapProgram("with-files");
    await loadProgram(async () => undefined);
  });
  after(() => restoreProgram());

  it("watches the folders of the program's files, the stack's files and the web UI's sources", () => {
    const paths = files.paths();
    for (const name of [
      "functions",
      "Pulumi.yaml",
      "Pulumi.ireland.yaml",
      "ui/src",
      "ui/index.html",
      "ui/sources.js",
    ])
      assert.ok(paths.includes(at(name)), name);
    assert.ok(!paths.includes(at("ui")));
    assert.ok(!paths.some((path) => path.startsWith(at("ui/dist"))));
  });

  const cases: [file: string, concerns: string[]][] = [
    ["functions/shared/reserved-items.ts", ["program"]],
    ["functions/tickets/field-rules.ts", ["program", "ui"]],
    ["Pulumi.yaml", ["program"]],
    ["Pulumi.ireland.yaml", ["program"]],
    ["Pulumi.singapore.yaml", []],
    ["ui/src/main.tsx", ["ui"]],
    ["ui/dist/index.html", []],
    ["functions/not-loaded.ts", []],
    ["functions/.get.ts.swp", []],
  ];
  for (const [file, concerns] of cases)
    it(`relates ${file} to ${concerns.join(" and ") || "nothing"}`, () => {
      assert.deepEqual(files.concernsOf(at(file), false), concerns);
    });

  it("relates every source to the program after a failure, which may have prevented that the program loads it", () => {
    assert.deepEqual(files.concernsOf(at("functions/not-loaded.ts"), true), ["program"]);
    assert.deepEqual(files.concernsOf(at("functions/.get.ts.swp"), true), []);
    assert.deepEqual(files.concernsOf(at("ui/src/main.tsx"), true), ["ui"]);
  });
});
