import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { browserArguments } from "../support/browser";

const PROJECT = join(__dirname, "..", "..");
/** The files that must name the flags: what removes them, and this. */
const EXCEPTIONS = ["tests/support/browser.ts", "tests/checks/browser-flags.test.ts"];
/** Flags that make Chromium more permissive than the browsers of users: https://peter.sh/experiments/chromium-command-line-switches/ */
const PERMISSIVE =
  /--(disable-web-security|allow-running-insecure-content|disable-site-isolation[\w-]*|allow-file-access[\w-]*|ignore-certificate-errors[\w-]*|unsafely-treat-insecure-origin[\w-]*|disable-features=\S*(IsolateOrigins|site-per-process|PrivateNetwork|LocalNetwork|SameSite)\w*)|\b(bypassCSP|ignoreHTTPSErrors)\s*:\s*true/;

describe("The tests' Chromium", () => {
  it("is started without a flag that loosens its web security", () => {
    assert.deepEqual(
      browserArguments().filter((argument) => PERMISSIVE.test(argument)),
      [],
    );
  });

  it("gets no such flag or option from a script or a test", () => {
    const options = { cwd: PROJECT, encoding: "utf8" } as const;
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], options).split("\n");
    const sources = files.filter((file) => /\.([cm]?[jt]sx?|json|ya?ml|sh)$/.test(file));
    assert.ok(sources.length > 100);
    const permissive = sources
      .filter((file) => !EXCEPTIONS.includes(file) && file !== "package-lock.json")
      .filter((file) => PERMISSIVE.test(readFileSync(join(PROJECT, file), "utf8")));
    assert.deepEqual(permissive, []);
  });
});
