import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { WebUiDriver } from "../browser/web-ui-driver";
import { openBrowser } from "../support/browser";
import { ProjectCopy } from "../../testing/project-copy";
import { RegionClient } from "../support/region-client";
import { RunningCloud } from "../../testing/running-cloud";
import { startFunctions } from "../support/start-functions";
import { waitFor } from "../support/wait-for";

const HEALTH = "functions/health/health.ts";
const ROUTES = "regional/ticket-routes.ts";
const STACK = "Pulumi.ireland.yaml";
const HEADER = "ui/src/header.tsx";
const SUBJECT = "Created before every change";

describe("npm start -- --watch", function () {
  this.timeout(180_000);

  let copy: ProjectCopy;
  let cloud: RunningCloud;
  let browser: Browser;
  /** Page that stays open during all tests. */
  let ui: WebUiDriver;

  before(async () => {
    copy = new ProjectCopy();
    [cloud, browser] = await Promise.all([
      RunningCloud.startIn(copy.folder, "--watch", "--speed", "20"),
      openBrowser(),
    ]);
    await startFunctions(...apis().map((api) => new RegionClient(api)));
    ui = await WebUiDriver.open(browser, `${webUi()}/`);
    await ui.create(SUBJECT);
    await assertDataKept();
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(async () => {
    await browser?.close();
    assert.equal(await cloud?.stop(), 0);
    copy.remove();
  });

  function webUi(): string {
    return cloud.addresses.frontDoor["app.tickets.test"];
  }

  function apis(): string[] {
    return Object.values(cloud.addresses.regions).map(({ api }) => api);
  }

  /** Waits until the condition holds for the responses of both regions. */
  async function inBothRegions(
    path: string,
    what: string,
    holds: (response: Response, body: string) => boolean,
  ): Promise<void> {
    await waitFor(
      async () => {
        const results = apis().map(async (api) => {
          const response = await fetch(`${api}${path}`);
          return holds(response, await response.text());
        });
        return (await Promise.all(results)).every(Boolean);
      },
      { what },
    );
  }

  async function state(): Promise<{
    problem?: { title: string; detail: string };
    regions: { name: string; role: string }[];
  }> {
    const response = await fetch(`${cloud.addresses.console}/state`);
    return (await response.json()) as Awaited<ReturnType<typeof state>>;
  }

  async function waitForProblem(pattern: RegExp): Promise<void> {
    await waitFor(async () => pattern.test((await state()).problem?.detail ?? ""), {
      what: `the problem ${pattern}`,
    });
  }

  async function waitForNoProblem(): Promise<void> {
    await waitFor(async () => (await state()).problem === undefined, { what: "the problem to be fixed" });
  }

  /** Marks the open page and the browser's session; a reload keeps only the session. */
  async function mark(): Promise<void> {
    await ui.page.evaluate("window.mark = 1; sessionStorage.setItem('mark', '1');");
  }

  function isMarked(): Promise<boolean> {
    return ui.page.evaluate<boolean>("window.mark === 1");
  }

  async function assertDataKept(): Promise<void> {
    for (const api of apis())
      await waitFor(
        async () => (await new RegionClient(api).list()).some(({ subject }) => subject === SUBJECT),
        {
          what: `the ticket at ${api}`,
        },
      );
  }

  it("runs a saved handler in both regions, without a reload of the web UI and with all data", async () => {
    await mark();
    copy.edit(HEALTH, "checkedAt }", "checkedAt, changed: true }");
    await inBothRegions("/health", "the changed handler", (_, body) => body.includes('"changed":true'));
    await assertDataKept();
    assert.equal(await isMarked(), true);
    assert.ok((await ui.subjects()).includes(SUBJECT));
  });

  it("adds a route that a saved file of the program declares, and removes it again", async () => {
    copy.edit(
      ROUTES,
      "    openapi: {",
      '    document: { key: "GET /document.json", callbackFactory: describeApi, statements: [] },\n    openapi: {',
    );
    await inBothRegions("/document.json", "the new route", ({ status }) => status === 200);
    copy.restore(ROUTES);
    await inBothRegions("/document.json", "the removal of the route", ({ status }) => status === 404);
    await assertDataKept();
  });

  it("applies a saved configuration", async () => {
    const primary = async (): Promise<string | undefined> =>
      (await state()).regions.find(({ role }) => role === "primary")?.name;
    assert.equal(await primary(), "ireland");
    copy.edit(STACK, "tickets:primary: ireland", "tickets:primary: singapore");
    await waitFor(async () => (await primary()) === "singapore", { what: "the other primary region" });
    copy.restore(STACK);
    await waitFor(async () => (await primary()) === "ireland", { what: "the first primary region" });
    await assertDataKept();
  });

  it("reloads the web UI when one of its sources is saved, and keeps the session", async () => {
    await mark();
    copy.edit(HEADER, "<h1>Tickets</h1>", "<h1>Changed tickets</h1>");
    await ui.page.getByRole("heading", { name: "Changed tickets", exact: true }).waitFor();
    assert.equal(await isMarked(), false);
    assert.equal(await ui.page.evaluate("sessionStorage.getItem('mark')"), "1");
    assert.equal(new URL(ui.page.url()).origin, webUi());
    await ui.card(SUBJECT).waitFor();
  });

  it("deploys a saved source of the web UI, too", async () => {
    await waitFor(() => cloud.log().includes(`${HEADER}: `), { what: "the deployment of the web UI" });
    await waitForNoProblem();
  });

  const errors: [title: string, file: string, text: string, replacement: string, problem: RegExp][] = [
    [
      "a syntax error in a handler",
      HEALTH,
      "const ok = ",
      "const ok = = ",
      /health\.ts.*Expression expected/,
    ],
    [
      "a handler that does not start",
      HEALTH,
      'const region = environmentVariable("AWS_REGION");',
      'const region = environmentVariable("AWS_REGION");\n  if (region) throw new Error("broken factory");',
      /does not start\. Error: broken factory\n.*functions\/health\/health\.ts:\d+/,
    ],
    [
      "an error of the program",
      ROUTES,
      "export function",
      'throw new Error("broken program");\nexport function',
      /broken program/,
    ],
    ["a wrong configuration", STACK, "tickets:primary: ireland", "tickets:primary: paris", /paris/],
    [
      "a refused change",
      "regional/conflict-table.ts",
      'hashKey: "id"',
      'hashKey: "listing"',
      /unable to replace resource.*protection/s,
    ],
  ];
  for (const [title, file, text, replacement, problem] of errors)
    it(`keeps the last version and shows ${title} in the terminal, the console and the browser until it is fixed`, async () => {
      await mark();
      const overlay = ui.page.locator("vite-error-overlay");
      copy.edit(file, text, replacement);
      await waitForProblem(problem);
      assert.match(cloud.log(), problem);
      await overlay.waitFor({ state: "attached" });
      const console = await browser.newPage();
      await console.goto(cloud.addresses.console);
      await console.getByRole("alert").filter({ hasText: file }).waitFor();
      await inBothRegions("/health", "the last version", (response) => response.ok);
      assert.equal(await isMarked(), true);
      copy.restore(file);
      await waitForNoProblem();
      await overlay.waitFor({ state: "detached" });
      await console.getByRole("alert").filter({ hasText: file }).waitFor({ state: "hidden" });
      await console.close();
      await assertDataKept();
    });

  it("keeps the open page and serves the last build while a source of the web UI has an error", async () => {
    await mark();
    copy.edit(HEADER, "<header", "<<header");
    await ui.page.locator("vite-error-overlay").waitFor({ state: "attached" });
    assert.equal(await isMarked(), true);
    const another = await WebUiDriver.open(browser, `${webUi()}/`);
    await another.card(SUBJECT).waitFor();
    assert.equal(await another.page.locator('script[src="/@vite/client"]').count(), 0);
    await another.close();
    await waitForProblem(/The web UI could not be built/);
    copy.restore(HEADER);
    await ui.page.getByRole("heading", { name: "Tickets", exact: true }).waitFor();
    await waitForNoProblem();
    await ui.card(SUBJECT).waitFor();
    assert.deepEqual(ui.uncaughtErrors, []);
  });
});
