import { RegionFailure } from "./region-errors";

/** The ticket API of one region. */
export interface RegionalApi {
  /** The region's nickname, such as `ireland`. */
  readonly name: string;
  /** The AWS region code, such as `eu-west-1`. */
  readonly code: string;
  /** Without a slash at its end. */
  readonly url: string;
}

/** What a region answered: any status below 500. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON; undefined for an empty body, and for one that is not JSON of a status that is no success. */
  readonly body: unknown;
  /** AWS code of the region that answered, as it names itself in `x-served-by`. */
  readonly servedBy: string;
}

/** The part of the Fetch API that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Asks one region once. The limit, in milliseconds, covers the answer's body too.
 * @throws RegionFailure on a network error, when the limit passes, on a 5xx, and on a success that is not JSON.
 */
export async function askRegion(
  fetch: Fetch,
  api: RegionalApi,
  path: string,
  options: { readonly init: RequestInit; readonly limit: number },
): Promise<Answer> {
  const { init, limit } = options;
  let response: Response;
  let text: string;
  try {
    response = await fetch(api.url + path, {
      ...init,

      signal: AbortSignal.timeout(limit),
    });
    text = await response.text();
  } catch (error) {
    throw new RegionFailure(api, (error as Error).message, error);
  }
  if (response.status >= 500) throw new RegionFailure(api, `it answered ${response.status}`);
  const servedBy = response.headers.get("x-served-by") ?? api.code;
  return { status: response.status, body: bodyOf(api, text, response.ok), servedBy };
}

function bodyOf(api: RegionalApi, text: string, needed: boolean): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (needed) throw new RegionFailure(api, "its answer is not JSON", error);
    return undefined;
  }
}
