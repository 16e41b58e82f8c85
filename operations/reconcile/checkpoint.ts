import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { emptyTally, Tally } from "./tally";

/** Tables and options of a run. A run can resume only from a checkpoint with the same scope. */
export interface Scope {
  readonly stack: string;
  readonly tables: readonly {
    readonly name: string;
    readonly code: string;
    readonly table: string;
    /** Endpoint of DynamoDB; only on the local cloud. */
    readonly endpoint?: string;
  }[];
  readonly dryRun: boolean;
  readonly stamp: boolean;
  readonly deep: boolean;
}

/** Position of the scan of one segment. */
export interface SegmentPosition {
  /** Id of the last processed item; absent at the beginning. */
  after?: string;
  done: boolean;
}

/** Progress and results of a run. */
export interface Checkpoint {
  readonly format: 1;
  readonly scope: Scope;
  readonly segments: number;
  /** By alias of the scanned region. */
  readonly positions: Record<string, SegmentPosition[]>;
  readonly tally: Tally;
}

/** Creates the checkpoint of a new run. */
export function newCheckpoint(scope: Scope, segments: number): Checkpoint {
  const atBeginning = (): SegmentPosition[] => Array.from({ length: segments }, () => ({ done: false }));
  return {
    format: 1,
    scope,
    segments,
    positions: Object.fromEntries(scope.tables.map(({ name }) => [name, atBeginning()])),
    tally: emptyTally(),
  };
}

/**
 * Reads the checkpoint of an earlier run from a file.
 * @param segments required number of segments; undefined to use the number in the file.
 * @returns undefined if the file does not exist.
 * @throws CommandError if the file is not a resume file, or has another scope or number of segments.
 */
export async function readResumeFile(
  file: string,
  scope: Scope,
  segments: number | undefined,
): Promise<Checkpoint | undefined> {
  const checkpoint = await readCheckpoint(file);
  if (!checkpoint) return undefined;
  const differing = whatDiffers(checkpoint, scope, segments);
  if (!differing) return checkpoint;
  throw new CommandError(
    `The resume file ${file} is for ${differing}. Use the same options, or another file.`,
  );
}

async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CommandError(`The resume file ${file} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
  // A file of an earlier release lacks newer counters.
  if (isCheckpoint(value)) return { ...value, tally: { ...emptyTally(), ...value.tally } };
  throw new CommandError(`${file} is not a resume file of this command. Use another file.`);
}

function isCheckpoint(value: unknown): value is Checkpoint {
  const { format, scope, segments, positions, tally } = (value ?? {}) as Partial<Checkpoint>;
  if (format !== 1 || !Array.isArray(scope?.tables) || !Number.isInteger(segments)) return false;
  if (typeof tally?.compared !== "object" || !Array.isArray(tally.findings)) return false;
  const names = scope.tables.map(({ name }) => name);
  return names.every((name) => {
    const list = positions?.[name];
    return Array.isArray(list) && list.length === segments && list.every(isPosition);
  });
}

function isPosition(value: unknown): boolean {
  const { after, done } = (value ?? {}) as { after?: unknown; done?: unknown };
  return typeof done === "boolean" && (after === undefined || typeof after === "string");
}

function whatDiffers(
  { scope: written, segments: ofFile }: Checkpoint,
  scope: Scope,
  segments: number | undefined,
): string | undefined {
  if (written.stack !== scope.stack) return `the stack ${written.stack}, not ${scope.stack}`;
  // Through JSON, which drops undefined values, like those in the file.
  if (!isDeepStrictEqual(written.tables, JSON.parse(JSON.stringify(scope.tables))))
    return `the tables ${tableNames(written)}, not ${tableNames(scope)}`;
  for (const [option, key] of [
    ["--dry-run", "dryRun"],
    ["--stamp", "stamp"],
    ["--deep", "deep"],
  ] as const)
    if (written[key] !== scope[key]) return `a run ${written[key] ? "with" : "without"} ${option}`;
  if (segments !== undefined && segments !== ofFile) return `a run with --segments ${ofFile}`;
  return undefined;
}

function tableNames({ tables }: Scope): string {
  return tables
    .map(({ code, table, endpoint }) => `${table} in ${code}${endpoint ? ` at ${endpoint}` : ""}`)
    .join(" and ");
}

/** Writer of the checkpoint file. Each write is atomic; saves requested during a write are combined into one. */
export class ResumeFile {
  private writing: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(private readonly file: string) {}

  /** Writes the current checkpoint. @throws CommandError if the file cannot be written. */
  save(checkpoint: Checkpoint): Promise<void> {
    if (!this.writing)
      return (this.writing = this.write(checkpoint).finally(() => (this.writing = undefined)));
    this.waiting ??= this.writing.then(
      () => this.saveWaiting(checkpoint),
      () => this.saveWaiting(checkpoint),
    );
    return this.waiting;
  }

  /** Deletes the file after a complete run. */
  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }

  private saveWaiting(checkpoint: Checkpoint): Promise<void> {
    this.waiting = undefined;
    return this.save(checkpoint);
  }

  private async write(checkpoint: Checkpoint): Promise<void> {
    try {
      await writeFile(`${this.file}.new`, JSON.stringify(checkpoint));
      await rename(`${this.file}.new`, this.file);
    } catch (error) {
      throw new CommandError(`The resume file ${this.file} cannot be written (${reasonOf(error)}).`, {
        cause: error,
      });
    }
  }
}
