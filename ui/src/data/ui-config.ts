import type { Fetch } from "./region-request";
import type { RegionalApi } from "./api-types";

/** Content of `config.json`, which the deployment writes next to `index.html`. */
export interface UiConfig {
  /** Region whose bucket the web UI was loaded from; one of `apis`. */
  readonly region: { readonly name: string; readonly code: string };
  /** APIs of all regions. */
  readonly apis: readonly RegionalApi[];
  /** URL of the API's failover name, which the web UI shows and does not call; absent without a domain, and then no region can take over. */
  readonly failoverUrl?: string;
}

/** `config.json` is missing or invalid. */
export class UiConfigError extends Error {
  override readonly name = "UiConfigError";
}

/**
 * Reads `config.json`.
 * @throws UiConfigError when it is missing, cannot be read or is invalid.
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
 * Parses and validates the text of `config.json`.
 * @throws UiConfigError with all validation errors.
 */
export function parseUiConfig(text: string): UiConfig {
  const value = parseJson(text);
  if (!isObject(value)) throw new UiConfigError("config.json is not a JSON object.");
  const problems = problemsOf(value);
  if (problems.length > 0) throw new UiConfigError(`config.json is invalid: ${problems.join("; ")}.`);
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
  const problems = [...problemsOfRegion("region", region)];
  if (!Array.isArray(apis) || apis.length === 0)
    return [...problems, "apis must be a list of at least one API"];
  apis.forEach((api: unknown, index) => {
    problems.push(...problemsOfRegion(`apis[${index}]`, api));
    if (isObject(api) && !isHttpUrl(api.url))
      problems.push(`apis[${index}].url must be an http or https URL`);
  });
  if (isObject(region) && !apis.some((api: unknown) => isObject(api) && api.code === region.code))
    problems.push("apis must include the API of region.code");
  if (failoverUrl !== undefined && !isHttpUrl(failoverUrl))
    problems.push("failoverUrl must be an http or https URL, or left out");
  return problems;
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
