import type { CachePolicy, Distribution, OriginResponse } from "./model";

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

/** An error response of the origins. */
interface CachedError {
  readonly response: OriginResponse;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Statuses of errors that are cached without a rule, and for how many seconds (the error caching minimum TTL).
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
 */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504];
const ERROR_CACHING_SECONDS = 10;

/** More entries than the web UI has files. */
const MAXIMUM_ENTRIES = 500;

/**
 * Cache of an edge. A response with status 200 is served from the cache until it expires, and is then revalidated by its entity tag.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
 *
 * Errors are cached for ten seconds, or as long as the distribution's rule for their status says, which may be 0. In place of a 5xx, an expired response is served, unless `no-cache` requires its revalidation: AWS
 * does not document that such a response is served, so the local cloud does not count on it.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
export class EdgeCache {
  private readonly entries = new Map<string, Entry>();

  private readonly errors = new Map<string, CachedError>();
  private readonly now: () => number;
  private readonly secondMs: number;

  /**
   * @param options.now clock in milliseconds since 1970.
   * @param options.secondMs length of a second of the caching of errors, in milliseconds.
   */
  constructor({ now = Date.now, secondMs = 1000 }: { now?: () => number; secondMs?: number } = {}) {
    this.now = now;
    this.secondMs = secondMs;
  }

  /**
   * Returns the response for a key, from the cache or from the origin.
   * @param errorRules rules of the distribution, by error status.
   * @param fetch requests the object from the origin, which may return 304 for an entity tag.
   */
  async get(
    key: string,
    policy: CachePolicy,
    errorRules: Distribution["errorRules"],
    fetch: (ifNoneMatch: string | undefined) => Promise<OriginResponse>,
  ): Promise<CachedResponse> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now()) return this.hit(known);
    const failed = this.errors.get(key);
    if (failed && failed.expiresAt > this.now()) return this.failure(failed.response, known);
    this.errors.delete(key);
    const response = await fetch(known?.response.headers.etag);
    if (response.status === 304 && known) {
      const confirmed = { ...known.response, headers: { ...known.response.headers, ...response.headers } };
      this.store(key, policy, confirmed);
      return { response: confirmed, result: "RefreshHit", age: 0 };
    }
    if (response.status === 200) this.store(key, policy, response);
    if (response.status < 400) return { response, result: "Miss", age: 0 };
    const seconds = errorSeconds(response.status, errorRules);
    if (seconds > 0) {
      this.errors.set(key, { response, expiresAt: this.now() + seconds * this.secondMs });
      if (this.errors.size > MAXIMUM_ENTRIES) this.errors.delete([...this.errors.keys()][0]);
    }
    return this.failure(response, known);
  }

  private hit({ response, storedAt }: Entry): CachedResponse {
    return { response, result: "Hit", age: Math.floor((this.now() - storedAt) / 1000) };
  }

  private failure(response: OriginResponse, known: Entry | undefined): CachedResponse {
    if (known && response.status >= 500 && !mustRevalidate(known.response)) return this.hit(known);
    return { response, result: "Error", age: 0 };
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

/** Returns how long an error is served from the cache, in seconds. */
function errorSeconds(status: number, errorRules: Distribution["errorRules"]): number {
  const byDefault = CACHED_ERRORS.includes(status) ? ERROR_CACHING_SECONDS : 0;
  return errorRules.get(status)?.cachingSeconds ?? byDefault;
}

function mustRevalidate({ headers }: OriginResponse): boolean {
  return directivesOf(headers["cache-control"]).includes("no-cache");
}

function directivesOf(cacheControl = ""): string[] {
  return cacheControl.toLowerCase().split(/\s*,\s*/);
}

/** Returns how long a response may be served from the cache, in seconds; undefined when it must not be cached. */
function timeToLive({ minTtl, defaultTtl, maxTtl }: CachePolicy, cacheControl?: string): number | undefined {
  const directives = directivesOf(cacheControl);
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
