import assert from "node:assert/strict";
import type { FauxqsApp, InjectedResponse } from "../../../../local/aws/sqs/fauxqs-app";
import {
  allowSqsCharacters,
  FAUXQS_HOST,
  forbiddenCharacters,
  patchApp,
} from "../../../../local/aws/sqs/fauxqs-patches";
import { importModule } from "../../../../local/aws/import-module";

const REGION = "eu-west-1";

describe("Patches of fauxqs", () => {
  const apps: FauxqsApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  /** Returns the results of a scenario without and with the patches. */
  async function bothWays<Result>(
    scenario: (app: FauxqsApp) => Promise<Result>,
  ): Promise<{ readonly unpatched: Result; readonly patched: Result }> {
    const { buildApp } = await importModule<typeof import("fauxqs")>("fauxqs");
    const open = (): FauxqsApp => {
      const app: FauxqsApp = buildApp({ logger: false, host: FAUXQS_HOST, defaultRegion: REGION });
      apps.push(app);
      return app;
    };
    const [bare, patched] = [open(), open()];
    patchApp(patched, REGION);
    return { unpatched: await scenario(bare), patched: await scenario(patched) };
  }

  it("allow characters beyond U+FFFD in a message", async () => {
    const forbidden = await forbiddenCharacters();
    const isForbiddenUnpatched = (text: string): boolean => RegExp.prototype.test.call(forbidden, text);
    assert.equal(isForbiddenUnpatched("\u{1f600}"), true);
    await allowSqsCharacters();
    const texts = ["\u{1f600}", "\u{10ffff}", "\ufffe", "\ud83d", "\0"];
    assert.deepEqual(
      texts.map((text) => forbidden.test(text)),
      [false, false, true, true, true],
    );
  });

  it("identify a queue by the path of its URL", async () => {
    const { unpatched, patched } = await bothWays(async (app) => {
      await sqs(app, "CreateQueue", { QueueName: "q" });
      const QueueUrl = "http://127.0.0.1:4705/000000000000/q";
      return (await sqs(app, "SendMessage", { QueueUrl, MessageBody: "m" })).statusCode;
    });
    assert.deepEqual({ unpatched, patched }, { unpatched: 400, patched: 200 });
  });

  it("return the URL of a queue with the host of the request", async () => {
    const { unpatched, patched } = await bothWays(async (app) => {
      await sqs(app, "CreateQueue", { QueueName: "q" });
      const { body } = await sqs(app, "GetQueueUrl", { QueueName: "q" });
      return (JSON.parse(body) as { QueueUrl: string }).QueueUrl;
    });
    assert.notEqual(unpatched, patched);
    assert.equal(patched, "http://127.0.0.1:4705/000000000000/q");
  });

  it("store the system metadata of an object and return it as headers", async () => {
    const metadata = {
      "cache-control": "no-cache",
      "content-disposition": "inline",
      "content-encoding": "gzip",
      "content-language": "en",
    };
    const { unpatched, patched } = await bothWays(async (app) => {
      await app.inject({ method: "PUT", url: "/bucket" });
      await app.inject({ method: "PUT", url: "/bucket/key", headers: metadata, payload: "body" });
      const { headers } = await app.inject({ method: "GET", url: "/bucket/key" });
      return Object.keys(metadata).map((name) => headers[name]);
    });
    assert.deepEqual(patched, Object.values(metadata));
    assert.notDeepEqual(unpatched, patched);
  });

  it("list every object as its only version, page by page", async () => {
    const { unpatched, patched } = await bothWays(async (app) => {
      await app.inject({ method: "PUT", url: "/bucket" });
      for (const key of ["a%26", "b", "c"])
        await app.inject({ method: "PUT", url: `/bucket/${key}`, payload: "body" });
      const first = await app.inject({ method: "GET", url: "/bucket?versions=&max-keys=2" });
      const [, marker = ""] = /<NextKeyMarker>(.*)<\/NextKeyMarker>/.exec(first.body) ?? [];
      const second = await app.inject({
        method: "GET",
        url: `/bucket?versions=&max-keys=2&key-marker=${marker}`,
      });
      const missing = await app.inject({ method: "GET", url: "/nowhere?versions" });
      const keys = [first, second].map(({ body }) =>
        [...body.matchAll(/<Version><VersionId>null<\/VersionId>.*<Key>(.*)<\/Key>/g)].map(([, key]) => key),
      );
      return { keys, marker, missing: missing.statusCode };
    });
    assert.deepEqual(patched, { keys: [["a&amp;", "b"], ["c"]], marker: "b", missing: 404 });
    assert.deepEqual(unpatched.keys, [[], []]);
  });
});

async function sqs(app: FauxqsApp, operation: string, input: object): Promise<InjectedResponse> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `AmazonSQS.${operation}`,
    host: "127.0.0.1:4705",
  };
  return app.inject({ method: "POST", url: "/", headers, payload: JSON.stringify(input) });
}
