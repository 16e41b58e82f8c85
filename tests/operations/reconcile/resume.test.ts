import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../../command-line/command-error";
import {
  Checkpoint,
  newCheckpoint,
  readResumeFile,
  ResumeFile,
  Scope,
} from "../../../operations/reconcile/checkpoint";
import { exitCodeOf, sum } from "../../../operations/reconcile/tally";
import { idOf, ticketItem } from "../../../testing/tickets";
import { MemorySide } from "../support/memory-side";
import { runReconcile, SCOPE, twoSides } from "../support/run-reconcile";

const IRELANDS = Array.from({ length: 9 }, (_, number) => ticketItem({ id: idOf(number) }));
const SINGAPORES = IRELANDS.slice(3);
/** Maximum number of pages of two items in two segments, over both directions. */
const MOST_PAGES = 20;

describe("reconcile --resume", () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "resume-"));
    file = join(directory, "position.json");
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Runs for a number of pages, then stops; resumes from the file if it exists. */
  async function run(
    sides: readonly [MemorySide, MemorySide],
    interrupt: (page: number, stop: AbortController) => void,
  ): Promise<Checkpoint> {
    const resume = new ResumeFile(file);
    const checkpoint = (await readResumeFile(file, SCOPE, undefined)) ?? newCheckpoint(SCOPE, 2);
    const stop = new AbortController();
    let pages = 0;
    const onPage = async (): Promise<void> => {
      await resume.save(checkpoint);
      interrupt(++pages, stop);
    };
    await runReconcile(sides, { checkpoint, onPage, signal: stop.signal }).finally(() =>
      resume.save(checkpoint),
    );
    await resume.remove();
    return checkpoint;
  }

  it("has the same result after a stop and resume at every page", async () => {
    for (let last = 1; last < MOST_PAGES; last++) {
      const sides = twoSides(IRELANDS, SINGAPORES);
      let checkpoint: Checkpoint | undefined;
      const stopped = run(sides, (page, stop) => page === last && stop.abort(new Error("Stopped")));
      checkpoint = await stopped.catch((error: Error) => {
        assert.equal(error.message, "Stopped");
        return undefined;
      });
      checkpoint ??= await run(sides, () => undefined);
      assert.deepEqual(sides[1].content(), sides[0].content());
      assert.deepEqual(checkpoint.tally.compared, { ireland: 9, singapore: 9 });
      assert.deepEqual(checkpoint.tally.repaired, { singapore: 3 });
      assert.deepEqual(await readdir(directory), []);
    }
  });

  it("reads only the remaining pages after a resume", async () => {
    const sides = twoSides(IRELANDS, SINGAPORES);
    await assert.rejects(run(sides, (page, stop) => page === 3 && stop.abort(new Error("Stopped"))));
    const left = JSON.parse(await readFile(file, "utf8")) as Checkpoint;
    const read = sum(left.tally.compared);
    assert.ok(read > 0);
    const before = { ...left.tally.compared };
    let pages = 0;
    const { tally } = await run(sides, () => pages++);
    assert.ok(pages * 2 >= 18 - read && pages < MOST_PAGES - 3);
    assert.ok(before.ireland <= tally.compared.ireland);
    assert.equal(exitCodeOf(tally), 1);
  });

  it("keeps the results after a table error, and has the same result after a resume", async () => {
    for (let failing = 0; failing < 9; failing++) {
      const sides = twoSides(IRELANDS, SINGAPORES);
      let calls = 0;
      sides[1].beforeGet = () => {
        if (calls++ === failing) throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
      };
      const hasFailed = await run(sides, () => undefined).then(
        () => false,
        (error: Error) => error.name === "TimeoutError",
      );
      assert.equal(hasFailed, failing < 3);
      const { tally } = await run(sides, () => undefined);
      assert.deepEqual(sides[1].content(), sides[0].content());
      // Repairs on the failed page are counted once.
      if (hasFailed) assert.deepEqual([tally.repaired, exitCodeOf(tally)], [{ singapore: 3 }, 1]);
    }
  });

  describe("checks the resume file and", () => {
    const other = (changes: Partial<Scope>): Checkpoint => newCheckpoint({ ...SCOPE, ...changes }, 4);
    const refused: Record<string, readonly [unknown, RegExp]> = {
      "rejects one of another stack": [
        other({ stack: "singapore" }),
        /is for the stack singapore, not ireland\./,
      ],
      "rejects one of another table": [
        other({ tables: [SCOPE.tables[0], { ...SCOPE.tables[1], table: "tickets-x" }] }),
        /is for the tables tickets-i in eu-west-1 and tickets-x in ap-southeast-1, not tickets-i/,
      ],
      "rejects one of another local cloud": [
        other({ tables: SCOPE.tables.map((table) => ({ ...table, endpoint: "http://127.0.0.1:4712" })) }),
        /at http:\/\/127\.0\.0\.1:4712/,
      ],
      "rejects one of a dry run": [other({ dryRun: true }), /is for a run with --dry-run\./],
      "rejects one of a run with --stamp": [other({ stamp: true }), /is for a run with --stamp\./],
      "rejects one with another number of segments": [
        newCheckpoint(SCOPE, 8),
        /is for a run with --segments 8\./,
      ],
      "rejects one without all segments": [
        { ...newCheckpoint(SCOPE, 4), segments: 5 },
        /is not a resume file of this command/,
      ],
      "rejects another JSON file": [{ name: "tickets" }, /is not a resume file of this command/],
      "rejects null": [null, /is not a resume file of this command/],
    };
    for (const [name, [content, message]] of Object.entries(refused))
      it(name, async () => {
        const text = JSON.stringify(content);
        await writeFile(file, text);
        await assert.rejects(readResumeFile(file, SCOPE, 4), (error: Error) => {
          assert.ok(error instanceof CommandError);
          assert.match(error.message, message);
          return true;
        });
        assert.equal(await readFile(file, "utf8"), text);
      });

    it("rejects one that is not JSON", async () => {
      await writeFile(file, "half a fi");
      await assert.rejects(readResumeFile(file, SCOPE, 4), /cannot be read \(SyntaxError/);
    });

    it("uses the number of segments in the file by default", async () => {
      await writeFile(file, JSON.stringify(newCheckpoint(SCOPE, 8)));
      assert.equal((await readResumeFile(file, SCOPE, undefined))?.segments, 8);
    });
  });

  it("reports that the file cannot be written", async () => {
    const resume = new ResumeFile(join(directory, "no-such-folder", "position.json"));
    await assert.rejects(
      resume.save(newCheckpoint(SCOPE, 2)),
      /The resume file .* cannot be written \(.*ENOENT/,
    );
  });

  it("keeps the last position of concurrent saves", async () => {
    const resume = new ResumeFile(file);
    const checkpoint = newCheckpoint(SCOPE, 2);
    const saves = [1, 2, 3, 4].map((count) => {
      checkpoint.tally.compared.ireland = count;
      return resume.save(checkpoint);
    });
    await Promise.all(saves);
    const saved = JSON.parse(await readFile(file, "utf8")) as Checkpoint;
    assert.equal(saved.tally.compared.ireland, 4);
    assert.deepEqual(await readdir(directory), ["position.json"]);
  });
});
