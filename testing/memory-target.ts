import { knows } from "../functions/replication/conflict-resolution";
import { ReplicatedWrite, replicatedWrite } from "../functions/replication/replicated-write";
import type { Image } from "../functions/shared/image";
import type { TargetTable } from "../functions/replication/target-table";
import { latestCredible } from "../functions/replication/version";
import { toImage } from "./attribute-values";

/** Returns the condition of `refresh` for tables in memory. */
export function isRefreshed({ origin, version }: ReplicatedWrite, stored: Image | undefined): boolean {
  const found = stored?.version?.S ?? "";
  return !(stored?.origin?.S === origin && found >= version && found <= latestCredible(version));
}

/** Target table in memory, with the conditions of the real one. */
export class MemoryTarget implements TargetTable {
  readonly images = new Map<string, Image>();
  /** Calls in order, such as `put` and the version. */
  readonly calls: string[] = [];
  /** Called before the condition of each call is evaluated. The call rejects with what it throws. */
  before: (call: "put" | "replace" | "refresh", version: string) => void = () => undefined;

  /** Stores a plain item unconditionally. */
  store(item: object): void {
    const image = toImage(item) as Image;
    this.images.set(image.id.S as string, image);
  }

  /** Returns the stored version of an item. */
  version(id: string): string | undefined {
    return this.images.get(id)?.version?.S;
  }

  async put(write: ReplicatedWrite): Promise<Image | undefined> {
    await this.begin("put", write);
    const found = this.images.get(write.id);
    const stored = found && replicatedWrite(found);
    const isOlderAndKnown = stored && stored.version < write.version && knows(write, stored);
    if (found && !isOlderAndKnown) return found;
    this.images.set(write.id, write.image);
    return undefined;
  }

  async replace(write: ReplicatedWrite, version: string): Promise<boolean> {
    await this.begin("replace", write);
    if (this.version(write.id) !== version) return false;
    this.images.set(write.id, write.image);
    return true;
  }

  async refresh(write: ReplicatedWrite): Promise<boolean> {
    await this.begin("refresh", write);
    if (!isRefreshed(write, this.images.get(write.id))) return false;
    this.images.set(write.id, write.image);
    return true;
  }

  private async begin(call: "put" | "replace" | "refresh", { version }: ReplicatedWrite): Promise<void> {
    this.calls.push(`${call} ${version}`);
    await new Promise(setImmediate);
    this.before(call, version);
  }
}
