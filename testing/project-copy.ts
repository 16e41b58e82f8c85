import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..");

/** Copy of the project that a test may change: everything that runs, and the packages of the original. */
export class ProjectCopy {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "project-copy-")));
  private readonly originals = new Map<string, string>();

  constructor() {
    cpSync(PROJECT, this.folder, { recursive: true, filter: isNeeded });
    symlinkSync(join(PROJECT, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Replaces a text in a file. @throws AssertionError if the file does not contain it. */
  edit(file: string, text: string, replacement: string): void {
    const path = join(this.folder, file);
    const source = readFileSync(path, "utf8");
    if (!this.originals.has(file)) this.originals.set(file, source);
    assert.ok(source.includes(text), `${file} does not contain ${JSON.stringify(text)}.`);
    writeFileSync(
      path,
      source.replace(text, () => replacement),
    );
  }

  /** Restores a file as it was before the first edit. */
  restore(file: string): void {
    const original = this.originals.get(file);
    assert.notEqual(original, undefined, `${file} was not edited.`);
    writeFileSync(join(this.folder, file), original as string);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function isNeeded(path: string): boolean {
  return !/^(node_modules|\.git|tests|docs)$/.test(path.slice(PROJECT.length + 1));
}
