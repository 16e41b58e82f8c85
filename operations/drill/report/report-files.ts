import { access, constants, mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CommandError, reasonOf } from "../../../command-line/command-error";
import { makeDirectory } from "../../../shared/make-directory";
import { htmlOf } from "./html";
import { markdownOf } from "./markdown";
import type { DrillReport } from "./report";

/** The three files of a report, in one folder. */
export interface ReportFiles {
  /** Writes the files. @returns their paths. */
  write(report: DrillReport): Promise<readonly string[]>;
}

/**
 * Checks before the drill that its report can be written.
 * @param file path, with or without one of the extensions .json, .md and .html.
 * @throws CommandError when no file can be written there.
 */
export async function reportFiles(file: string): Promise<ReportFiles> {
  const base = file.replace(/\.(json|md|html)$/, "");
  const problem = (why: string): CommandError =>
    new CommandError(
      `--report is ${JSON.stringify(file)}, but no file can be written there: ${why.replace(/\.$/, "")}.`,
    );
  if (/(^|[/\\])$/.test(base)) throw problem("it has no file name");
  const folder = dirname(base);
  try {
    makeDirectory(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw problem(reasonOf(error));
  }
  for (const path of pathsOf(base)) {
    const known = await stat(path).catch(() => undefined);
    if (known?.isDirectory()) throw problem(`${path} is a folder`);
  }
  return { write: (report) => writeOrSave(base, report) };
}

/** Writes the report, or saves it in a temporary folder when its folder has become unusable: a drill takes minutes. */
async function writeOrSave(base: string, report: DrillReport): Promise<readonly string[]> {
  try {
    return await writeAll(base, report);
  } catch (error) {
    const saved = await writeAll(join(await mkdtemp(join(tmpdir(), "drill-")), basename(base)), report);
    throw new CommandError(
      `The report could not be written (${reasonOf(error)}); it is in ${saved.join(", ")}.`,
      {
        cause: error,
      },
    );
  }
}

async function writeAll(base: string, report: DrillReport): Promise<readonly string[]> {
  const paths = pathsOf(base);
  const texts = [`${JSON.stringify(report, undefined, 1)}\n`, markdownOf(report), htmlOf(report)];
  for (const [index, path] of paths.entries()) await writeFile(path, texts[index]);
  return paths;
}

function pathsOf(base: string): string[] {
  return ["json", "md", "html"].map((ending) => `${base}.${ending}`);
}
