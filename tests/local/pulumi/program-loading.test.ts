import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram, programFiles } from "../../../local/pulumi/program-loading";
import { swapProgram } from "../support/program-swap";

const PROGRAMS = join(__dirname, "programs");
const drained = async (): Promise<void> => undefined;

describe("loadProgram", () => {
  let directory: string;
  let restoreProgram: () => void;

  beforeEach(() => {
    directory = mkdtempSync(join(PROGRAMS, "loaded-"));
    write("index", 'import "./other"; export { deep } from "./middle"; export { other } from "./other";');
    write("middle", 'export { deep } from "./deep";');
    write("deep", "export const deep = { value: 1 };");
    write("other", "export const other = { value: 1 };");
    restoreProgram = swapProgram(join(directory, "index"));
  });
  afterEach(() => {
    restoreProgram();
    rmSync(directory, { recursive: true });
  });

  function write(name: string, text: string): void {
    writeFileSync(file(name), text);
  }

  function file(name: string): string {
    return join(directory, `${name}.ts`);
  }

  it("lists the project's files that the program loaded", async () => {
    await loadProgram(drained);
    assert.deepEqual(programFiles().sort(), ["deep", "index", "middle", "other"].map(file));
  });

  it("loads a changed file and the modules that load it again, and no other module", async () => {
    const first = await loadProgram(drained);
    write("deep", "export const deep = { value: 2 };");
    write("other", "export const other = { value: 2 };");
    const second = await loadProgram(drained, [file("deep")]);
    assert.deepEqual([first.deep, second.deep], [{ value: 1 }, { value: 2 }]);
    assert.deepEqual(second.other, { value: 1 });
  });

  it("loads a file that could not be loaded before, once it is correct", async () => {
    await loadProgram(drained);
    write("deep", "export const deep = ;");
    await assert.rejects(loadProgram(drained, [file("deep")]), /deep\.ts/);
    write("deep", "export const deep = { value: 3 };");
    assert.deepEqual((await loadProgram(drained)).deep, { value: 3 });
  });

  it("loads what was saved while another file could not be loaded", async () => {
    await loadProgram(drained);
    write("deep", "export const deep = ;");
    await assert.rejects(loadProgram(drained, [file("deep")]), /deep\.ts/);
    write("other", "export const other = { value: 2 };");
    await assert.rejects(loadProgram(drained, [file("deep"), file("other")]), /deep\.ts/);
    write("deep", "export const deep = { value: 3 };");
    const { deep, other } = await loadProgram(drained, [file("deep"), file("other")]);
    assert.deepEqual([deep, other], [{ value: 3 }, { value: 2 }]);
  });

  it("loads a restored file whose last version made a module that loads it throw", async () => {
    write("middle", 'import { deep } from "./deep"; if (!deep) throw new Error("no deep"); export { deep };');
    await loadProgram(drained, [file("middle")]);
    write("deep", "");
    await assert.rejects(loadProgram(drained, [file("deep")]), /no deep/);
    write("deep", "export const deep = { value: 4 };");
    assert.deepEqual((await loadProgram(drained, [file("deep")])).deep, { value: 4 });
  });

  it("keeps only the last version of the program in memory", async () => {
    await loadProgram(drained);
    await loadProgram(drained);
    await loadProgram(drained);
    const loader = require.cache[require.resolve("../../../local/pulumi/program-loading")];
    assert.equal(loader?.children.filter(({ filename }) => filename === file("index")).length, 1);
  });
});
