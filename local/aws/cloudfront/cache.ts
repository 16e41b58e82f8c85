import type { CachePolicy, OriginResponse } from "./model";

/** A response and its cache result, in the terms of CloudFront's `x-cache` header. */
export interface CachedResponse {
  readonly response: OriginResponse;
  readonly result: "Hit" | "RefreshHit" | "Miss" | "Error";
  /** Seconds since the origin sent or revalidated the response. */
  readonly age: number;
}

interface Entry {
  readonly response: OriginResponse;
  /** Milliseconds since 1970, as is `expiresAt`. */
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** More entries than the web UI has files. */
const MAXIMUM_ENTRIES = 500;

/**
 * Cache of an edge. A response is served from the cache until it expires, and is then revalidated by its entity tag. Only
 * responses with status 200 are cached.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
 */
export class EdgeCache {
  private readonly entries = new Map<string, Entry>();

  /** @param now clock in milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * Returns the response for a key, from the cache or from the origin.
   * @param fetch requests the object from the origin, which may return 304 for an entity tag.
   */
  async get(
    key: string,
    policy: CachePolicy,
    fetch: (ifNoneMatch: string | undefined) => Promise<OriginResponse>,
  ): Promise<CachedResponse> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now())
      return {
        response: known.response,
        result: "Hit",
        age: Math.floor((this.now() - known.storedAt) / 1000),
      };
    const response = await fetch(known?.response.headers.etag);
    if (response.status === 304 && known) {
      const confirmed = { ...known.response, headers: { ...known.response.headers, ...response.headers } };
      this.store(key, policy, confirmed);
      return { response: confirmed, result: "RefreshHit", age: 0 };
    }
    if (response.status === 200) this.store(key, policy, response);
    return { response, result: response.status < 400 ? "Miss" : "Error", age: 0 };
  }

  private store(key: string, policy: CachePolicy, response: OriginResponse): void {
    this.entries.delete(key);
    const seconds = timeToLive(policy, response.headers["cache-control"]);
    if (seconds === undefined) return;
    const storedAt = this.now();
    this.entries.set(key, { response, storedAt, expiresAt: storedAt + seconds * 1000 });
    // A map keeps the order of its keys, so the first key is the one that was stored or revalidated longest ago.
    if (this.entries.size > MAXIMUM_ENTRIES) this.entries.delete([...this.entries.keys()][0]);
  }
}

/** Returns how long a response may be served from the cache, in seconds; undefined when it must not be cached. */
function timeToLive({ minTtl, defaultTtl, maxTtl }: CachePolicy, cacheControl = ""): number | undefined {
  const directives = cacheControl.toLowerCase().split(/\s*,\s*/);
  const isForbidden = directives.some((directive) => directive === "no-store" || directive === "private");
  if (isForbidden && minTtl === 0) return undefined;
  const seconds = (name: string): number | undefined => {
    const found = directives.find((directive) => directive.startsWith(`${name}=`));
    return found === undefined ? undefined : Number(found.slice(name.length + 1)) || 0;
  };
  const requested =
    isForbidden || directives.includes("no-cache") ? 0 : (seconds("s-maxage") ?? seconds("max-age"));
  return Math.min(Math.max(requested ?? defaultTtl, minTtl), maxTtl);
}
