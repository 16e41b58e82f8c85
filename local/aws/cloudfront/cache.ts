import type { CachePolicy, OriginResponse } from "./model";

/** An answer with how it was come by, in the words of CloudFront's `x-cache`. */
export interface CachedResponse {
  readonly answer: OriginResponse;
  readonly result: "Hit" | "RefreshHit" | "Miss" | "Error";
  /** Seconds since the origin gave or confirmed it. */
  readonly age: number;
}

interface Entry {
  readonly answer: OriginResponse;
  /** Both in milliseconds since 1970. */
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** More files than a page has. */
const MAXIMUM_ENTRIES = 500;

/**
 * What an edge keeps: an answer is served without asking the origin until its time is over, and then confirmed by its entity
 * tag. Only status 200 is kept.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
 */
export class EdgeCache {
  private readonly entries = new Map<string, Entry>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * The answer for a key, from the cache or the origin.
   * @param fetch asks the origin; with an entity tag it may answer 304.
   */
  async get(
    key: string,
    policy: CachePolicy,
    fetch: (ifNoneMatch: string | undefined) => Promise<OriginResponse>,
  ): Promise<CachedResponse> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now())
      return { answer: known.answer, result: "Hit", age: Math.floor((this.now() - known.storedAt) / 1000) };
    const answer = await fetch(known?.answer.headers.etag);
    if (answer.status === 304 && known) {
      const confirmed = { ...known.answer, headers: { ...known.answer.headers, ...answer.headers } };
      this.store(key, policy, confirmed);
      return { answer: confirmed, result: "RefreshHit", age: 0 };
    }
    if (answer.status === 200) this.store(key, policy, answer);
    return { answer, result: answer.status < 400 ? "Miss" : "Error", age: 0 };
  }

  private store(key: string, policy: CachePolicy, answer: OriginResponse): void {
    this.entries.delete(key);
    const seconds = timeToLive(policy, answer.headers["cache-control"]);
    if (seconds === undefined) return;
    const storedAt = this.now();
    this.entries.set(key, { answer, storedAt, expiresAt: storedAt + seconds * 1000 });
    // A map keeps the order of its keys, so the first is the one that was confirmed longest ago.
    if (this.entries.size > MAXIMUM_ENTRIES) this.entries.delete([...this.entries.keys()][0]);
  }
}

/** How long an answer may be served, in seconds; undefined when it may not be kept at all. */
function timeToLive({ minTtl, defaultTtl, maxTtl }: CachePolicy, cacheControl = ""): number | undefined {
  const directives = cacheControl.toLowerCase().split(/\s*,\s*/);
  const isForbidden = directives.some((directive) => directive === "no-store" || directive === "private");
  if (isForbidden && minTtl === 0) return undefined;
  const seconds = (name: string): number | undefined => {
    const found = directives.find((directive) => directive.startsWith(`${name}=`));
    return found === undefined ? undefined : Number(found.slice(name.length + 1)) || 0;
  };
  const asked =
    isForbidden || directives.includes("no-cache") ? 0 : (seconds("s-maxage") ?? seconds("max-age"));
  return Math.min(Math.max(asked ?? defaultTtl, minTtl), maxTtl);
}
