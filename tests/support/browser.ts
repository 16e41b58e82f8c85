import chromium from "@sparticuz/chromium";
import { Browser, chromium as playwright } from "playwright-core";

/**
 * Arguments that the package adds and the tests remove. The first ends Chromium when its first page is closed. The others disable the
 * same-origin policy, so that no test would detect an error in CORS or mixed content.
 */
const UNWANTED = [
  "--single-process",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
];
/** Features that the package disables and the tests enable, for the same reason. */
const WANTED_FEATURES = ["IsolateOrigins", "site-per-process"];

/** Returns the command-line arguments of the tests' Chromium, with web security enabled. */
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

/** Starts headless Chromium. */
export async function openBrowser(): Promise<Browser> {
  // There is no GPU, and WebGL is the most expensive way to render by software.
  chromium.setGraphicsMode = false;
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: browserArguments(),
    headless: true,
  });
}
