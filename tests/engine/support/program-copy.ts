import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT_DIRECTORY } from "../../../local/services";
import { makeDirectory } from "../../../shared/make-directory";

/** What the program consists of, relative to the project's folder. */
const PROGRAM = [
  ...["index.ts", "Pulumi.yaml", "package.json", "package-lock.json", "openapi.json", "tsconfig.json"],
  ...["config", "functions", "global", "regional", "shared"],
  ...["scripts", "ui/sources.js", "ui/dist"],
];

/** Copy of the program, which a test may change. */
export class ProgramCopy {
  private constructor(readonly directory: string) {}

  /** Copies the program of the project, or of another folder, to an empty folder. */
  static create(directory: string, source: string = PROJECT_DIRECTORY): ProgramCopy {
    for (const path of PROGRAM.filter((one) => existsSync(join(source, one))))
      cpSync(join(source, path), join(directory, path), { recursive: true });
    // Node.js resolves the link, so the program uses the same instances of packages as the test.
    symlinkSync(join(PROJECT_DIRECTORY, "node_modules"), join(directory, "node_modules"));
    return new ProgramCopy(directory);
  }

  /** Returns the text of a file. */
  read(path: string): string {
    return readFileSync(join(this.directory, path), "utf8");
  }

  /** Writes a file, such as another `index.ts`. */
  write(path: string, text: string): void {
    makeDirectory(dirname(join(this.directory, path)));
    writeFileSync(join(this.directory, path), text);
  }

  /** Deletes a file. */
  remove(path: string): void {
    rmSync(join(this.directory, path));
  }

  /** Replaces a text that a file contains exactly once. @throws Error if it does not. */
  replace(path: string, text: string, replacement: string): void {
    const parts = this.read(path).split(text);
    if (parts.length !== 2)
      throw new Error(`${path} contains ${JSON.stringify(text)} ${parts.length - 1} times instead of once.`);
    this.write(path, parts.join(replacement));
  }
}
