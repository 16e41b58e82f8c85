import type { Fetch } from "./region-request";
import type { RegionalApi } from "./api-types";

/** What the deployment writes beside the page as `config.json`. */
export interface UiConfig {
  /** The region whose bucket the page came from; one of `apis`. */
  readonly region: { readonly name: string; readonly code: string };
  /** The API of every region. */
  readonly apis: readonly RegionalApi[];
  /** The API's failover name; absent without a domain. */
  readonly failoverUrl?: string;
}

/** `config.json` is missing or wrong; the message says how. */
export class UiConfigError extends Error {
  override readonly name = "PageConfigError";
}

/**
 * Reads `config.json`, which stands beside the page.
 * @throws PageConfigError when it is missing, cannot be read or is wrong.
 */
export async function loadUiConfig(fetch: Fetch): Promise<UiConfig> {
  let text: string;
  try {
    const response = await fetch("config.json", {});
    if (!response.ok) throw new Error(`the server returned ${response.status}`);
    text = await response.text();
  } catch (error) {
    throw new UiConfigError(
      `config.json, which lists the regional APIs, could not be read: ${(error as Error).message}. ` +
        "The deployment creates it next to index.html.",
    );
  }
  return parseUiConfig(text);
}

/**
 * Checks the text of `config.json`.
 * @throws PageConfigError with everything that is wrong.
 */
export function parseUiConfig(text: string): UiConfig {
  const value = parseJson(text);
  if (!isObject(value)) throw new UiConfigError("config.json is not a JSON object.");
  const wrong = problemsOf(value);
  if (wrong.length > 0) throw new UiConfigError(`config.json is invalid: ${wrong.join("; ")}.`);
  const { region, apis, failoverUrl } = value as unknown as UiConfig;
  return { region, apis: apis.map((api) => ({ ...api, url: api.url.replace(/\/+$/, "") })), failoverUrl };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UiConfigError(`config.json is not JSON: ${(error as Error).message}.`);
  }
}

function problemsOf({ region, apis, failoverUrl }: Record<string, unknown>): string[] {
  const wrong = [...problemsOfRegion("region", region)];
  if (!Array.isArray(apis) || apis.length === 0) return [...wrong, "apis must be a list of at least one API"];
  apis.forEach((api: unknown, index) => {
    wrong.push(...problemsOfRegion(`apis[${index}]`, api));
    if (isObject(api) && !isHttpUrl(api.url)) wrong.push(`apis[${index}].url must be an http or https URL`);
  });
  if (isObject(region) && !apis.some((api: unknown) => isObject(api) && api.code === region.code))
    wrong.push("apis must include the API of region.code");
  if (failoverUrl !== undefined && !isHttpUrl(failoverUrl))
    wrong.push("failoverUrl must be an http or https URL, or left out");
  return wrong;
}

function problemsOfRegion(path: string, value: unknown): string[] {
  if (!isObject(value)) return [`${path} must be an object`];
  return ["name", "code"]
    .filter((key) => typeof value[key] !== "string" || value[key] === "")
    .map((key) => `${path}.${key} must be a non-empty string`);
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value) && /^https?:/i.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
