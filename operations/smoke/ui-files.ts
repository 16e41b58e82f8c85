import { reasonOf } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";

/** Reads a file of a web UI by its key, such as `index.html`. @throws Error with a short reason if the file is missing. */
export type ReadFile = (key: string) => Promise<string>;

/** A file of a web UI that is missing or wrong. */
interface Fault {
  readonly key: string;
  /** End of the sentence that begins with the key. */
  readonly reason: string;
}

/** Files of one copy of the web UI. */
export interface CheckedUi {
  /** Keys of all files that were checked. */
  readonly keys: readonly string[];
  readonly faults: readonly Fault[];
  /** Content of `index.html`; undefined if it cannot be read. */
  readonly index: string | undefined;
}

const INDEX = "index.html";
const CONFIG = "config.json";

/**
 * Checks one copy of the web UI: `index.html`, each file that it names, and `config.json`, which must name the API of each region.
 * @param own region that `config.json` must name as its own; undefined where either region may respond.
 */
export async function checkUi(
  read: ReadFile,
  regions: readonly DeployedRegion[],
  own?: DeployedRegion,
): Promise<CheckedUi> {
  const [index, config] = await Promise.all([INDEX, CONFIG].map((key) => tryRead(read, key)));
  const assets = "text" in index ? namedFiles(index.text) : [];
  const loaded = await Promise.all(assets.map((key) => tryRead(read, key)));
  const faults = [index, config, ...loaded].filter((result) => "reason" in result);
  if ("text" in index && !assets.some((key) => key.endsWith(".js")))
    faults.push({ key: INDEX, reason: "names no script, so it is not the web UI" });
  if ("text" in config)
    faults.push(...configProblems(config.text, regions, own).map((reason) => ({ key: CONFIG, reason })));
  return { keys: [INDEX, ...assets, CONFIG], faults, index: "text" in index ? index.text : undefined };
}

async function tryRead(read: ReadFile, key: string): Promise<Fault | { readonly text: string }> {
  try {
    const text = await read(key);
    return text === "" ? { key, reason: "is empty" } : { text };
  } catch (error) {
    return { key, reason: `cannot be read (${reasonOf(error)})` };
  }
}

/** Keys of the files that an HTML page loads from its own origin. */
function namedFiles(html: string): string[] {
  const page = "http://web-ui.invalid/index.html";
  const urls = [...html.matchAll(/<(?:link|script|img)\b[^>]*?\s(?:href|src)=["']([^"']+)["']/gi)]
    .map(([, reference]) => new URL(reference, page))
    .filter(({ origin }) => origin === new URL(page).origin);
  return [...new Set(urls.map(({ pathname }) => decodeURIComponent(pathname.slice(1))))];
}

/** Returns what is wrong with a `config.json`. */
function configProblems(
  text: string,
  regions: readonly DeployedRegion[],
  own: DeployedRegion | undefined,
): string[] {
  const config = parsed(text);
  if (!config) return ["is not a JSON object"];
  const apis = Array.isArray(config.apis)
    ? (config.apis as readonly Readonly<Record<string, unknown>>[])
    : [];
  const problems = regions.flatMap(({ name, code, api }) => {
    const found = apis.find((entry) => entry?.code === code);
    if (!found) return [`does not name the API of ${name}`];
    return found.url === api ? [] : [`names ${String(found.url)} as the API of ${name}, not ${api}`];
  });
  const { code } = (config.region ?? {}) as { readonly code?: unknown };
  if (own && code !== own.code) problems.push(`is for the region ${String(code)}, not ${own.code}`);
  return problems;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The caller reports it.
    return undefined;
  }
}
