import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ConsoleProblem } from "../../../local/console/state";
import { makeDirectory } from "../../../shared/make-directory";
import { DevelopmentLoop } from "../../../local/watch/development-loop";
import { waitFor } from "../../support/wait-for";

describe("DevelopmentLoop", () => {
  let project: string;
  let loop: DevelopmentLoop;
  let updates: string[][];
  let problems: (ConsoleProblem | undefined)[];
  let reports: string[];
  /** Called in each update. */
  let inUpdate: () => Promise<void>;
  const concerns: boolean[] = [];

  beforeEach(async () => {
    project = realpathSync(mkdtempSync(join(tmpdir(), "watched-")));
    makeDirectory(join(project, "functions"));
    // A built web UI without sources is current.
    makeDirectory(join(project, "ui", "dist"));
    write("ui/dist/index.html");
    write("functions/get.ts");
    [updates, problems, reports] = [[], [], []];
    inUpdate = async () => undefined;
    loop = await DevelopmentLoop.start({
      project,
      files: {
        paths: () => [join(project, "functions")],
        concernsOf: (file, afterFailure) => {
          concerns.push(afterFailure);
          return basename(file).startsWith("ignored") ? [] : ["program"];
        },
      },
      update: async (files) => {
        updates.push(files.map((file) => basename(file)).sort());
        await inUpdate();
        return [{ operation: "update", type: "aws:sqs/queue:Queue", name: "a", changed: ["tags"] }];
      },
      report: (text) => reports.push(text),
      showProblem: (problem) => problems.push(problem),
      stop: new AbortController().signal,
    });
  });
  afterEach(async () => {
    await loop.close();
    rmSync(project, { recursive: true });
  });

  function write(name: string, text = ""): void {
    writeFileSync(join(project, name), text);
  }

  async function waitForUpdates(count: number): Promise<void> {
    await waitFor(() => reports.length >= count, { what: `${count} updates` });
  }

  it("applies saved files together and reports what changed", async () => {
    write("functions/get.ts", "1");
    write("functions/new.ts", "1");
    await waitForUpdates(1);
    assert.deepEqual(updates, [["get.ts", "new.ts"]]);
    assert.match(
      reports[0],
      /^functions\/get\.ts, functions\/new\.ts: updated Queue "a" \(tags\) in \d+\.\d s\.$/,
    );
    assert.deepEqual(problems, [undefined]);
  });

  it("ignores files that concern nothing", async () => {
    write("functions/ignored.ts", "1");
    write("functions/get.ts", "1");
    await waitForUpdates(1);
    assert.deepEqual(updates, [["get.ts"]]);
  });

  it("applies a file that is saved during an update afterwards", async () => {
    inUpdate = async () => {
      if (updates.length > 1) return;
      concerns.length = 0;
      write("functions/second.ts", "1");
      await waitFor(() => concerns.length > 0, { what: "the second file to be noticed" });
    };
    write("functions/get.ts", "1");
    await waitForUpdates(2);
    assert.deepEqual(updates, [["get.ts"], ["second.ts"]]);
  });

  it("shows an error until a save fixes it, and repeats the files that failed", async () => {
    inUpdate = () => Promise.reject(new Error("the program is wrong"));
    write("functions/get.ts", "1");
    await waitForUpdates(1);
    assert.deepEqual(problems, [
      { title: "functions/get.ts could not be applied", detail: "the program is wrong" },
    ]);
    assert.match(reports[0], /the program is wrong\nThe last version stays live/);
    inUpdate = async () => undefined;
    write("functions/other.ts", "1");
    await waitForUpdates(2);
    assert.deepEqual(updates, [["get.ts"], ["get.ts", "other.ts"]]);
    assert.equal(problems.at(-1), undefined);
    assert.equal(concerns.at(-1), true);
  });
});
