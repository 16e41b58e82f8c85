import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateDirectory } from "../private-files";

/** How far a shard has been processed. */
export interface ShardCheckpoint {
  /** The last record that was processed; undefined when there was none. */
  readonly sequenceNumber?: string;
  /** The shard was closed, and all of it was processed. */
  readonly finished?: boolean;
}

/** How far a mapping has processed its stream: in memory, and in a file when it has a directory, so that a restart goes on where it stopped. */
export class Checkpoints {
  private shards: Record<string, ShardCheckpoint> = {};
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly streamArn: string,
    private readonly file: string | undefined,
  ) {}

  /**
   * Reads what an earlier run kept of the same stream.
   * @throws Error that names the file, when it cannot be read or is damaged.
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

  /** Moves a shard's checkpoint; done when it is kept. */
  async set(shardId: string, checkpoint: ShardCheckpoint): Promise<void> {
    this.shards[shardId] = checkpoint;
    if (this.file === undefined) return;
    // Whoever asked for a save that failed has its error; it is no reason not to try the next.
    this.saving = this.saving.catch(() => undefined).then(() => this.save());
    await this.saving;
  }

  /** Forgets the shards that the stream no longer has. */
  keepOnly(shardIds: ReadonlySet<string>): void {
    this.shards = Object.fromEntries(
      Object.entries(this.shards).filter(([shardId]) => shardIds.has(shardId)),
    );
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
        `The checkpoints in ${file} are damaged; remove the file to start from the beginning.`,
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
