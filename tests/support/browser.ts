import chromium from "@sparticuz/chromium";
import { Browser, chromium as playwright } from "playwright-core";

/** Chromium, headless, in a window of desktop size. */
export async function openBrowser(): Promise<Browser> {
  // Software rendering by the CPU is all that there is, and WebGL's way to it costs most.
  chromium.setGraphicsMode = false;
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    // With one process for everything Chromium ends when its first page is closed.
    args: chromium.args.filter((argument) => argument !== "--single-process"),
    headless: true,
  });
}
