import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { expectCode, runHere } from "../support/run-command";
import { bucketResources, useFakeStack } from "./fake-stack";

describe("npm run teardown, on this machine", () => {
  const stack = useFakeStack();

  it("names in every command for a kept bucket with versions the endpoint of the bucket", async () => {
    const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    const server = createServer((_, response) => response.end(body));
    const url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a fake S3" })}`;
    const [provider, records] = bucketResources(["records"], url);
    stack.deploy([provider, { ...records, retainOnDelete: true }]);
    const result = await runHere(["teardown", "--stack", "ireland", "--yes"]).finally(() =>
      closeServer(server),
    );
    expectCode(result, 0);
    const [, command] = /To delete it: (.*) \(repeat until the bucket is empty\)$/m.exec(result.out) ?? [];
    const calls = command?.split(/(?=\baws s3)/) ?? [];
    assert.equal(calls.length, 5, result.out);
    for (const call of calls) assert.ok(call.includes(` --region eu-west-1 --endpoint-url ${url}`), call);
  });

  it("waits longer than 30 s for a console that runs the Pulumi CLI on a busy machine", async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const limits: { readonly milliseconds: number; readonly controller: AbortController }[] = [];
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      limits.push({ milliseconds, controller });
      return controller.signal;
    };
    const server = createServer(({ url: path, method }, response) => {
      if (method === "POST")
        for (const { milliseconds, controller } of limits)
          if (milliseconds <= 30_000) controller.abort(new DOMException("30 s are over", "TimeoutError"));
      const folders = { workDirectory: process.cwd(), backend: "/b", home: "/h", debugProviders: "aws:1" };
      const regions = path === "/state" ? [] : { ireland: {}, singapore: {} };
      response.end(JSON.stringify({ stack: "ireland", speed: 1, regions, ...folders }));
    });
    const url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a console" })}`;
    stack.deploy(bucketResources([]));
    try {
      const { code, errors } = await runHere(["teardown", `--local=${url}`, "--yes"]);
      assert.deepEqual([errors, code], ["", 0]);
    } finally {
      AbortSignal.timeout = timeout;
      await closeServer(server);
    }
  });

  describe("of a local cloud without the Pulumi engine", () => {
    let server: Server;
    let url: string;
    before(async () => {
      server = createServer(({ url: path }, response) => {
        if (path === "/engine") response.writeHead(404);
        const regions = { ireland: {}, singapore: {} };
        response.end(
          JSON.stringify({ stack: "ireland", regions: path === "/state" ? [] : regions, speed: 1 }),
        );
      });
      url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a console" })}`;
    });
    after(() => closeServer(server));

    it("says that there is nothing to tear down", async () => {
      const { code, errors } = await runHere(["teardown", `--local=${url}`, "--yes"]);
      assert.equal(code, 2);
      assert.match(
        errors,
        /was not deployed by the Pulumi engine .*Ctrl-C in its terminal removes everything/,
      );
      assert.match(
        (await runHere(["teardown", `--local=${url}`, "--stack", "singapore"])).errors,
        /runs the stack ireland, not singapore\.$/m,
      );
    });
  });
});
