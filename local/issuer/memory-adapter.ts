import type { Adapter, AdapterPayload } from "oidc-provider";

/** Most entries of one kind, such as sessions or refresh tokens. The oldest ones are removed first. */
const MAXIMUM_ENTRIES = 10_000;

/** Shortest time between two searches for expired entries, in milliseconds. */
const SWEEP_MS = 10_000;

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Entries of one kind in the memory of this process, with a maximum number. Expired entries are removed.
 * https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js documents the methods.
 */
export class MemoryAdapter implements Adapter {
  private readonly entries = new Map<string, Entry>();
  private sweepAt = 0;

  constructor(
    private readonly maximum = MAXIMUM_ENTRIES,
    private readonly now: () => number = Date.now,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn = Infinity): Promise<void> {
    this.entries.delete(id);
    this.entries.set(id, { payload, expiresAt: this.now() + expiresIn * 1000 });
    this.sweep();
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maximum) break;
      this.entries.delete(oldest);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.entries.get(id);
    return entry && entry.expiresAt > this.now() ? entry.payload : undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.findWhere((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.findWhere((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(this.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.entries.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.entries) if (payload.grantId === grantId) this.entries.delete(id);
  }

  private findWhere(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const now = this.now();
    for (const { payload, expiresAt } of this.entries.values())
      if (expiresAt > now && matches(payload)) return payload;
    return undefined;
  }

  private sweep(): void {
    const now = this.now();
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_MS;
    for (const [id, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(id);
  }
}
