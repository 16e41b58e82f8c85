import type { Fetch } from "./region-request";

/** The browser's fetch, past its cache. */
export const freshFetch: Fetch = (url, init) => fetch(url, { ...init, cache: "no-store" });
