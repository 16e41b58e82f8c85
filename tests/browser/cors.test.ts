import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { documentedOperations } from "../../functions/openapi/document";
import { openBrowser } from "../support/browser";
import { RunningCloud } from "../../testing/running-cloud";
import { idOf } from "../../testing/tickets";

/** Request by a script in the browser. */
interface ScriptRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Response as the script sees it; `blocked` when the browser hides it from the script. */
interface SeenResponse {
  readonly status: number | "blocked";
  readonly servedBy?: string | null;
}

const VALUES: Readonly<Record<string, string>> = {
  "idempotency-key": "01JD9Z3N8Q4T6V8X0Y2A4C6E8G",
  "if-match": '"1"',
  "if-none-match": '"1"',
};
/** Headers of a signed-in client. */
const AUTHORIZATION = { authorization: "Bearer token" };

describe("CORS in a browser with web security on", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let browser: Browser;
  let origin: Server;
  let page: Page;
  before(async () => {
    origin = createServer((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<title>Another origin</title>"),
    );
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    [cloud, browser] = await Promise.all([RunningCloud.start("--no-domain", "--speed", "50"), openBrowser()]);
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(origin.address() as AddressInfo).port}/`);
  });
  after(async () => {
    await browser?.close();
    origin?.close();
    assert.equal(await cloud?.stop(), 0);
  });

  /** Sends a request from a script in the browser. The script is text, because the types of the tests do not include the DOM. */
  const send = (request: ScriptRequest): Promise<SeenResponse> =>
    page.evaluate<SeenResponse>(`(async ({ url, ...options }) => {
      try {
        const response = await fetch(url, options);
        return { status: response.status, servedBy: response.headers.get("x-served-by") };
      } catch {
        return { status: "blocked" };
      }
    })(${JSON.stringify(request)})`);
  const regions = (): { api: string; code: string }[] => Object.values(cloud.addresses.regions);

  it("hides from a script the response of a server that does not allow its origin", async () => {
    assert.deepEqual(await send({ url: `${cloud.addresses.console}/state`, method: "GET", headers: {} }), {
      status: "blocked",
    });
  });

  for (const { operationId, method, path, parameters, body } of documentedOperations())
    it(`lets a script call ${operationId} with all its headers and a token`, async () => {
      const own = parameters.filter((parameter) => parameter.in === "header").map(({ name }) => name);
      const headers = {
        ...AUTHORIZATION,
        ...Object.fromEntries(own.map((name) => [name, VALUES[name]])),
        ...(body && { "content-type": "application/json" }),
      };
      for (const { api, code } of regions()) {
        const url = api + path.replace("{id}", idOf(1));
        const { status, servedBy } = await send({ url, method, headers, ...(body && { body: "{}" }) });
        assert.notEqual(status, "blocked", code);
        assert.ok(![405, 415, 500].includes(Number(status)), `${code} returns ${status}.`);
        assert.equal(servedBy, code);
      }
    });

  for (const method of ["GET", "HEAD", "POST", "PATCH", "DELETE"])
    for (const path of ["/nowhere", "/tickets/1/comments/2", "/"])
      it(`lets a script read the 404 of ${method} ${path}`, async () => {
        const headers = { ...AUTHORIZATION, ...VALUES, "content-type": "application/json" };
        for (const { api, code } of regions())
          assert.deepEqual(await send({ url: api + path, method, headers }), { status: 404, servedBy: code });
      });

  it("lets a script read the 405 of an unsupported method", async () => {
    for (const { api, code } of regions())
      assert.deepEqual(await send({ url: `${api}/conflicts`, method: "DELETE", headers: AUTHORIZATION }), {
        status: 405,
        servedBy: code,
      });
  });

  it("blocks a header that the API does not allow", async () => {
    const [{ api }] = regions();
    const headers = { "x-unknown": "1" };
    assert.deepEqual(await send({ url: `${api}/tickets`, method: "GET", headers }), { status: "blocked" });
  });
});
