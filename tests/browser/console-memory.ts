import type { Image } from "../../functions/shared/image";
import type { RegionItems } from "../../local/console/tickets/region-items";
import type { QuarantineReader, RegionQuarantine } from "../../local/console/quarantine/quarantine-reader";
import { messageContent } from "../../local/console/quarantine/quarantined-entry";
import type { Redrive, RedriveRequest, RedriveResult } from "../../local/console/quarantine/redrive-command";

/** Items of a region in memory. */
export class MemoryItems implements RegionItems {
  readonly images = new Map<string, Image>();
  isDown = false;

  constructor(
    readonly name: string,
    readonly code: string,
  ) {}

  async newest(before: string | undefined, limit: number): ReturnType<RegionItems["newest"]> {
    this.check();
    return [...this.images.values()]
      .map(({ id, listSortKey }) => ({ id: id.S ?? "", sortKey: listSortKey?.S ?? "" }))
      .filter(({ sortKey }) => sortKey !== "" && (before === undefined || sortKey < before))
      .sort((left, right) => (left.sortKey < right.sortKey ? 1 : -1))
      .slice(0, limit);
  }

  async deleted(): ReturnType<RegionItems["deleted"]> {
    this.check();
    const tombstones = [...this.images.values()].filter(({ deleted }) => deleted?.BOOL === true);
    return { ids: tombstones.map(({ id }) => id.S ?? ""), next: undefined };
  }

  async get(ids: readonly string[]): ReturnType<RegionItems["get"]> {
    this.check();
    return new Map(
      ids.flatMap((id) => {
        const image = this.images.get(id);
        return image ? [[id, image] as const] : [];
      }),
    );
  }

  private check(): void {
    if (this.isDown) throw new Error("The region is down.");
  }
}

/** Quarantine of Ireland in memory, whose redrive applies every message but the poisoned ones. */
export class MemoryQuarantine implements QuarantineReader, Redrive {
  /** Bodies by message id. */
  readonly messages = new Map<string, string>();
  readonly poisoned = new Set<string>();
  readonly asked: RedriveRequest[] = [];

  async read(region: string): Promise<RegionQuarantine> {
    const ids = region === "ireland" ? [...this.messages.keys()] : [];
    const entries = ids.map((id) => this.message(id).entry);
    return { region, problem: undefined, total: entries.length, entries };
  }

  async content(_region: string, id: string): ReturnType<QuarantineReader["content"]> {
    return this.messages.has(id) ? this.message(id) : undefined;
  }

  async run(request: RedriveRequest): Promise<RedriveResult> {
    this.asked.push(request);
    const { dryRun, discard } = request;
    const lines: string[] = [];
    let applied = 0;
    for (const id of [...this.messages.keys()]) {
      const fails = this.poisoned.has(id);
      if (fails) lines.push(`ireland's quarantine, message ${id}: The item has no valid version.`);
      if (!dryRun && (!fails || discard !== undefined)) this.messages.delete(id);
      if (!fails) applied++;
    }
    lines.push(`${applied} applied, 0 stale, ${this.messages.size} still failing.`);
    return { exitCode: this.messages.size > 0 ? 1 : 0, lines };
  }

  private message(id: string): ReturnType<typeof messageContent> {
    return messageContent({ id, text: this.messages.get(id) ?? "", at: 0, isHidden: false });
  }
}
