import chromium from "@sparticuz/chromium";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium as playwright, type Page } from "playwright-core";
import type { Addresses } from "../local/addresses";
import { Cleanup } from "../local/cleanup";
import { ProjectCopy } from "../testing/project-copy";
import { RunningCloud } from "../testing/running-cloud";
import { median } from "./measure";

/** Saves per measurement. */
const SAVES = 7;
/** Time after a measurement, in milliseconds: the deployment of a saved web UI must not slow down the next one. */
const PAUSE_MS = 4000;
/** Time limit of one save, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** Bounds of the medians, in milliseconds. */
const HANDLER_MS = 2000;
const SHARED_MS = 6000;
const UI_MS = 1000;

/** File to save, with a text that each save replaces by another one. */
interface Saved {
  readonly file: string;
  readonly text: string;
  readonly replacement: (save: number) => string;
}

const HANDLER: Saved = {
  file: "functions/health/health.ts",
  text: "checkedAt }",
  replacement: (save) => `checkedAt, save: ${save} }`,
};
/** File that every function of the API loads. */
const SHARED: Saved = {
  file: "functions/http/api.ts",
  text: '"x-served-by": region,',
  replacement: (save) => `"x-served-by": region, "x-save": "${save}",`,
};
const HEADER: Saved = {
  file: "ui/src/header.tsx",
  text: "<h1>Tickets</h1>",
  replacement: (save) => `<h1>Tickets ${save}</h1>`,
};

/**
 * Measures `npm start -- --watch` on a copy of the project: from a saved handler to the answer of both regions, from a saved source of
 * the web UI to the reloaded page in Chromium, and how long the local cloud takes to respond meanwhile.
 * @throws Error if a median exceeds its bound.
 */
export async function benchWatch(): Promise<void> {
  const copy = new ProjectCopy();
  const cleanup = new Cleanup();
  cleanup.add(async () => copy.remove());
  try {
    const cloud = await RunningCloud.startIn(copy.folder, "--watch");
    cleanup.add(() => cloud.stop());
    const browser = await playwright.launch({
      ...{ executablePath: await chromium.executablePath(), args: chromium.args, headless: true },
    });
    cleanup.add(() => browser.close());
    await benchSaves(copy.folder, cloud.addresses, await browser.newPage());
  } finally {
    await cleanup.close();
  }
}

async function benchSaves(folder: string, addresses: Addresses, page: Page): Promise<void> {
  await page.goto(addresses.frontDoor[`app.${addresses.domain}`]);
  const apis = Object.values(addresses.regions).map(({ api }) => api);
  const responses = new ResponseTimes(`${apis[0]}/none`);
  const handler = await measure(folder, HANDLER, (save) =>
    answered(apis, async (response) => (await response.text()).includes(`"save":${save}}`)),
  );
  const duringHandler = responses.takeLongest();
  const shared = await measure(folder, SHARED, (save) =>
    answered(apis, async ({ headers }) => headers.get("x-save") === `${save}`),
  );
  const duringShared = responses.takeLongest();
  await responses.stop();
  const ui = await measure(folder, HEADER, (save) => reloaded(page, save));
  const problems = [
    report("a saved handler is live in both regions", handler, HANDLER_MS),
    report("a saved file of every function of the API is live in both regions", shared, SHARED_MS),
    report("a saved source of the web UI is in the browser", ui, UI_MS),
  ].filter((problem) => problem !== undefined);
  // Without a bound: the program runs in the process that responds. See docs/adr/0014-cache-serialized-functions-and-transpiled-files.md.
  console.log(
    `longest response of the local cloud while a handler is saved: ${Math.round(duringHandler)} ms`,
  );
  console.log(`and while a file of every function is saved: ${Math.round(duringShared)} ms`);
  if (problems.length > 0) throw new Error(problems.join(" "));
}

/** Saves a file several times. Returns how long each save takes to be live, in milliseconds. */
async function measure(
  folder: string,
  { file, text, replacement }: Saved,
  live: (save: number) => Promise<boolean>,
): Promise<number[]> {
  const path = join(folder, file);
  const source = readFileSync(path, "utf8");
  if (!source.includes(text)) throw new Error(`${file} does not contain ${JSON.stringify(text)}.`);
  const times: number[] = [];
  for (let save = 1; save <= SAVES; save++) {
    const start = performance.now();
    writeFileSync(
      path,
      source.replace(text, () => replacement(save)),
    );
    while (!(await live(save))) {
      if (performance.now() - start > TIMEOUT_MS)
        throw new Error(`${file}: save ${save} was not live after ${TIMEOUT_MS / 1000} s.`);
      await sleep(5);
    }
    times.push(performance.now() - start);
    await sleep(PAUSE_MS);
  }
  return times;
}

/** Returns whether the health route of every region has the new version. */
async function answered(
  apis: readonly string[],
  isNew: (response: Response) => Promise<boolean>,
): Promise<boolean> {
  const responses = apis.map(async (api) => isNew(await fetch(`${api}/health`)));
  return (await Promise.all(responses)).every((one) => one);
}

/** Sends requests, one after another, that the local cloud answers itself, without a function. */
class ResponseTimes {
  private longestMs = 0;
  private isStopped = false;
  private readonly running: Promise<void>;

  constructor(url: string) {
    this.running = this.repeat(url);
    // Requests fail when the local cloud stops after another error, which is the one to report.
    this.running.catch(() => undefined);
  }

  /** Returns the longest response time since the last call, in milliseconds. */
  takeLongest(): number {
    const longest = this.longestMs;
    this.longestMs = 0;
    return longest;
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return this.running;
  }

  private async repeat(url: string): Promise<void> {
    while (!this.isStopped) {
      const start = performance.now();
      await (await fetch(url)).text();
      this.longestMs = Math.max(this.longestMs, performance.now() - start);
      await sleep(5);
    }
  }
}

async function reloaded(page: Page, save: number): Promise<boolean> {
  // During a reload there is no page to ask.
  const heading = await page.textContent("h1", { timeout: 100 }).catch(() => null);
  return heading === `Tickets ${save}`;
}

/** Prints the times of a measurement and returns what exceeds its bound. */
function report(title: string, times: readonly number[], boundMs: number): string | undefined {
  const [typical, longest] = [median(times), Math.max(...times)].map(Math.round);
  console.log(
    `${title}: median ${typical} ms, longest ${longest} ms of ${times.length}; limit ${boundMs} ms`,
  );
  return typical > boundMs ? `${title} after ${typical} ms; the limit is ${boundMs} ms.` : undefined;
}
