import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError } from "../../../../command-line/command-error";
import { reportFiles } from "../../../../operations/drill/report/report-files";
import { reported } from "../support/drill-fixtures";

describe("Report files of a drill", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("writes three files for any extension, and creates the folder", async () => {
    const files = await reportFiles(join(folder, "not", "yet", "mine.md"));
    const written = await files.write(reported({}));
    assert.deepEqual(
      written.map((path) => path.slice(folder.length)),
      ["/not/yet/mine.json", "/not/yet/mine.md", "/not/yet/mine.html"],
    );
    assert.equal(JSON.parse(await readFile(written[0], "utf8")).scenario.name, "region-down");
  });

  it("rejects a path where no file can be written before the drill starts", async () => {
    await mkdir(join(folder, "taken.json"));
    for (const [file, why] of [
      ["", "it has no file name"],
      [`${folder}/`, "it has no file name"],
      [join(folder, ".md"), "it has no file name"],
      [join(folder, "taken"), "is a folder"],
      ["/dev/null/report", "/dev/null is not a directory"],
      ["/proc/nowhere/report", "no file can be written there"],
    ]) {
      await assert.rejects(reportFiles(file), (error: Error) => {
        assert.ok(error instanceof CommandError);
        assert.ok(error.message.startsWith(`--report is ${JSON.stringify(file)}`), error.message);
        assert.ok(error.message.includes(why), error.message);
        return true;
      });
    }
  });

  it("saves the files in a temporary folder when their folder was deleted", async () => {
    const files = await reportFiles(join(folder, "gone", "mine"));
    await rm(join(folder, "gone"), { recursive: true });
    let saved = "";
    await assert.rejects(files.write(reported({})), ({ message }: Error) => {
      saved = /it is in (\S+)\.json, /.exec(message)?.[1] ?? "";
      return message.startsWith("The report could not be written (");
    });
    assert.deepEqual((await readdir(dirname(saved))).sort(), ["mine.html", "mine.json", "mine.md"]);
    await rm(dirname(saved), { recursive: true });
  });
});
