import assert from "node:assert/strict";
import { Agent, request, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import type { Duplex } from "node:stream";
import { closeServer, listen } from "../../../../local/aws/listen";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { createWebsite, putObject, type Website } from "../../support/create-website";
import { openS3, type OpenS3 } from "../../support/open-s3";

const CONFIGURATION = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";
describe("Website configuration resource", () => {
  let local: OpenS3;

  beforeEach(async () => {
    local = await openS3();
  });
  afterEach(() => local.close());

  const website = (name: string): Promise<Website> => createWebsite(local.s3, name);
  const put = (bucket: string, key: string, content: string) => putObject(local.s3, bucket, key, content);

  it("changes its documents in place, at the same address and on open connections", async () => {
    const { configuration, url } = await website("site");
    for (const page of ["index", "start", "error"]) await put("site", `${page}.html`, page);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = (path: string) =>
      new Promise<{ body: string; port?: number }>((resolve, reject) => {
        const sent = request(`${url}${path}`, { agent }, (response) => {
          let body = "";
          const port = response.socket.localPort;
          response.on("data", (chunk: Buffer) => (body += chunk.toString()));
          response.on("end", () => resolve({ body, port }));
        });
        sent.on("error", reject).end();
      });
    try {
      const before = await get("/");
      assert.equal(before.body, "index");
      const updated = await updateResource(local.s3, configuration, {
        bucket: "site",
        indexDocument: { suffix: "start.html" },
        errorDocument: { key: "error.html" },
      });
      assert.deepEqual(updated.outputs, configuration.outputs);
      assert.deepEqual(await get("/"), { body: "start", port: before.port });
      assert.equal((await get("/none")).body, "error");
      assert.deepEqual((await readResource(local.s3, configuration))?.inputs, updated.inputs);
      await assert.rejects(
        updateResource(local.s3, updated, { bucket: "site", indexDocument: { suffix: "a/b" } }),
        /suffix is "a\/b"/,
      );
      assert.equal((await get("/")).body, "start");
    } finally {
      agent.destroy();
    }
  });

  it("is overwritten by another one of the same bucket, as on AWS", async () => {
    const { configuration, url } = await website("site");
    await put("site", "start.html", "start");
    const other = { bucket: "site", indexDocument: { suffix: "start.html" } };
    const second = await createResource(local.s3, CONFIGURATION, other);
    assert.equal(second.outputs.websiteEndpoint, configuration.outputs.websiteEndpoint);
    assert.equal(await (await fetch(url)).text(), "start");
  });

  it("stops and frees the usual port of the region when it is deleted", async () => {
    const occupant = createServer();
    const port = await listen(occupant, { port: 0, purpose: "a test" });
    await closeServer(occupant);
    await local.close();
    local = await openS3({ websitePorts: { "eu-west-1": port } });
    const first = await website("first");
    const second = await website("second");
    assert.equal(first.url, `http://127.0.0.1:${port}`);
    await deleteResource(local.s3, first.configuration);
    await assert.rejects(fetch(first.url));
    assert.equal(await readResource(local.s3, first.configuration), undefined);
    assert.deepEqual(local.s3.websiteUrls(), [{ bucket: "second", region: "eu-west-1", url: second.url }]);
    const third = await website("third");
    assert.equal(third.url, first.url);
    await put("third", "index.html", "third");
    assert.equal(await (await fetch(first.url)).text(), "third");
  });

  it("uses the usual port for one website when several are created at the same time", async () => {
    const occupant = createServer();
    const port = await listen(occupant, { port: 0, purpose: "a test" });
    await closeServer(occupant);
    await local.close();
    local = await openS3({ websitePorts: { "eu-west-1": port } });
    const urls = (await Promise.all(["one", "two"].map(website))).map(({ url }) => url);
    assert.equal(urls.filter((url) => url === `http://127.0.0.1:${port}`).length, 1);
  });

  it("stops when its bucket is deleted", async () => {
    const { bucket, url } = await website("site");
    await deleteResource(local.s3, bucket);
    await assert.rejects(fetch(url));
    assert.deepEqual(local.s3.websiteUrls(), []);
  });

  it("serves changed and deleted objects at once", async () => {
    const { url } = await website("site");
    const object = await put("site", "app.js", "1");
    const status = async () => (await fetch(`${url}/app.js`)).status;
    await updateResource(local.s3, object, { ...object.inputs, content: "2", cacheControl: "no-cache" });
    const response = await fetch(`${url}/app.js`);
    assert.deepEqual([await response.text(), response.headers.get("cache-control")], ["2", "no-cache"]);
    await deleteResource(local.s3, object);
    assert.equal(await status(), 403);
  });

  it("lets a frontend answer for what it serves", async () => {
    await local.close();
    const frontend = {
      serves: ({ url }: { url?: string }) => url === "/src/main.tsx",
      handle: async (_request: unknown, response: ServerResponse) => void response.end("development"),
      upgrade: (_request: unknown, socket: Duplex) => void socket.end(),
    };
    local = await openS3({ frontend: () => frontend });
    const { url } = await website("site");
    await put("site", "index.html", "deployed");
    const text = async (path: string) => (await fetch(`${url}${path}`)).text();
    assert.deepEqual([await text("/"), await text("/src/main.tsx")], ["deployed", "development"]);
  });
});
