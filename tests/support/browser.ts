import chromium from "@sparticuz/chromium";
import { Browser, chromium as playwright } from "playwright-core";

/**
 * What the package adds that an ordinary browser does not have. The first ends Chromium when its first page is closed; the others
 * switch off what a page of one origin may not do to another, so that no test could see a mistake in CORS or mixed content.
 */
const UNWANTED = [
  "--single-process",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
];
/** Features that the package switches off, by the same reason. */
const WANTED_FEATURES = ["IsolateOrigins", "site-per-process"];

/** The command line of the tests' Chromium, with its web security on. */
export function browserArguments(): string[] {
  return chromium.args
    .filter((argument) => !UNWANTED.includes(argument))
    .map((argument) => {
      const [, features] = /^--disable-features=(.*)$/.exec(argument) ?? [];
      if (features === undefined) return argument;
      const kept = features.split(",").filter((feature) => !WANTED_FEATURES.includes(feature));
      return `--disable-features=${kept.join(",")}`;
    });
}

/** Chromium, headless, in a window of desktop size. */
export async function openBrowser(): Promise<Browser> {
  // Software rendering by the CPU is all that there is, and WebGL's way to it costs most.
  chromium.setGraphicsMode = false;
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: browserArguments(),
    headless: true,
  });
}
