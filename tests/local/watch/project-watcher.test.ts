import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProjectWatcher } from "../../../local/watch/project-watcher";
import { waitFor } from "../../support/wait-for";

describe("ProjectWatcher", () => {
  let project: string;
  let file: string;
  let watcher: ProjectWatcher;
  const reported: string[] = [];

  beforeEach(async () => {
    project = realpathSync(mkdtempSync(join(tmpdir(), "watcher-")));
    file = join(project, "Pulumi.ireland.yaml");
    mkdirSync(join(project, "functions"));
    mkdirSync(join(project, "other"));
    writeFileSync(file, "0");
    watcher = await ProjectWatcher.start([join(project, "functions"), file], (files) =>
      reported.push(...files),
    );
    reported.length = 0;
  });

  afterEach(async () => {
    await watcher.close();
    rmSync(project, { recursive: true });
  });

  /** Changes a file, waits for its report, and for changes of the same event. */
  async function reportsOf(change: () => void, path: string): Promise<void> {
    reported.length = 0;
    change();
    await waitFor(() => reported.includes(path), { what: `the report of ${path}` });
    await sleep(200);
  }

  for (const pause of [0, 20, 300])
    it(`reports a file again after it was deleted for ${pause} ms`, async () => {
      rmSync(file);
      await sleep(pause);
      await reportsOf(() => writeFileSync(file, "1"), file);
      await reportsOf(() => writeFileSync(file, "2"), file);
      await reportsOf(() => {
        writeFileSync(`${file}~`, "3");
        renameSync(`${file}~`, file);
      }, file);
    });

  it("reports new files of a watched folder only", async () => {
    writeFileSync(join(project, "other", "a.ts"), "");
    writeFileSync(join(project, "b.ts"), "");
    const added = join(project, "functions", "c.ts");
    await reportsOf(() => writeFileSync(added, ""), added);
    assert.deepEqual([...new Set(reported)], [added]);
  });

  it("reports a file that was missing when it was added", async () => {
    const added = join(project, "Pulumi.yaml");
    watcher.add([added]);
    await sleep(100);
    await reportsOf(() => writeFileSync(added, ""), added);
  });
});
