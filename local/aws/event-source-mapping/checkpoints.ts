import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateDirectory } from "../private-files";

/** Progress of a shard. */
export interface ShardCheckpoint {
  /** Sequence number of the last processed record; undefined if there is none. */
  readonly sequenceNumber?: string;
  /** Whether the shard is closed and all of its records were processed. */
  readonly finished?: boolean;
}

/** Progress of a mapping in its stream, in memory and, with a directory, in a file, so that a restart continues where the last run stopped. */
export class Checkpoints {
  private shards: Record<string, ShardCheckpoint> = {};
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly streamArn: string,
    private readonly file: string | undefined,
  ) {}

  /**
   * Opens the checkpoints of a mapping. Those of an earlier run are kept if they belong to the same stream.
   * @throws Error that names the file, if it cannot be read or is damaged.
   */
  static async open(directory: string | undefined, uuid: string, streamArn: string): Promise<Checkpoints> {
    if (directory === undefined) return new Checkpoints(streamArn, undefined);
    makePrivateDirectory(directory);
    const checkpoints = new Checkpoints(streamArn, join(directory, `${uuid}.json`));
    await checkpoints.load();
    return checkpoints;
  }

  of(shardId: string): ShardCheckpoint {
    return this.shards[shardId] ?? {};
  }

  /** Sets a shard's checkpoint. Resolves when it is saved. */
  async set(shardId: string, checkpoint: ShardCheckpoint): Promise<void> {
    this.shards[shardId] = checkpoint;
    if (this.file === undefined) return;
    // The error of a failed save goes to its own caller; the next save is still tried.
    this.saving = this.saving.catch(() => undefined).then(() => this.save());
    await this.saving;
  }

  /** Removes the checkpoints of shards that no longer exist. */
  keepOnly(shardIds: ReadonlySet<string>): void {
    this.shards = Object.fromEntries(
      Object.entries(this.shards).filter(([shardId]) => shardIds.has(shardId)),
    );
  }

  /** Forgets all positions, when the mapping is deleted. */
  async remove(): Promise<void> {
    this.shards = {};
    await this.saving.catch(() => undefined);
    if (this.file !== undefined) await rm(this.file, { force: true });
  }

  private async load(): Promise<void> {
    const file = this.file as string;
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return;
    try {
      const kept = JSON.parse(text) as { streamArn: string; shards: Record<string, ShardCheckpoint> };
      if (kept.streamArn === this.streamArn) this.shards = kept.shards;
    } catch (error) {
      throw new Error(
        `The checkpoints in ${file} are damaged; delete the file to start from the beginning of the stream.`,
        {
          cause: error,
        },
      );
    }
  }

  private async save(): Promise<void> {
    const file = this.file as string;
    await writeFile(`${file}.new`, JSON.stringify({ streamArn: this.streamArn, shards: this.shards }));
    await rename(`${file}.new`, file);
  }
}
