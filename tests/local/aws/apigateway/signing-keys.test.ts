import assert from "node:assert/strict";
import { startProtectedApi, type ProtectedApi } from "./support/protected-api";

const HOUR_MS = 60 * 60 * 1000;

describe("JWT authorizer of API Gateway and the keys of its issuer", () => {
  let started: ProtectedApi;
  beforeEach(async () => (started = await startProtectedApi()));
  afterEach(() => started.close());

  async function assertRejected(token: string, description: RegExp): Promise<void> {
    const response = await started.send(token);
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", description);
  }

  it("reads the keys once in two hours, and works meanwhile without the issuer", async () => {
    for (let count = 0; count < 3; count++)
      assert.equal((await started.send(await started.issuer.token())).status, 200);
    assert.equal(started.issuer.reads(), 1);
    await started.issuer.close();
    started.now += 2 * HOUR_MS - 1000;
    assert.equal((await started.send(await started.issuer.token())).status, 200);
    started.now += 1000;
    await assertRejected(await started.issuer.token(), /Invalid issuer/);
  });

  it("reads the keys once for requests that arrive together", async () => {
    const token = await started.issuer.token();
    const responses = await Promise.all(Array.from({ length: 5 }, () => started.send(token)));
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
    assert.equal(started.issuer.reads(), 1);
  });

  it("reads the keys again at the next request after a failure", async () => {
    const { configuration } = started.issuer;
    started.issuer.configuration = undefined;
    await assertRejected(await started.issuer.token(), /Invalid issuer/);
    started.issuer.configuration = configuration;
    assert.equal((await started.send(await started.issuer.token())).status, 200);
  });

  it("accepts a new key as soon as it reads the keys again, and the old one as long as it is published", async () => {
    const old = await started.issuer.token({ claims: { exp: Math.floor(started.now / 1000) + 3 * 60 * 60 } });
    assert.equal((await started.send(old)).status, 200);
    await started.issuer.rotate({ keepsOld: true });
    await assertRejected(await started.issuer.token(), /key/);
    started.now += 2 * HOUR_MS;
    assert.equal((await started.send(await started.issuer.token())).status, 200);
    assert.equal((await started.send(old)).status, 200);
    await started.issuer.rotate({ keepsOld: false });
    started.now += 2 * HOUR_MS;
    await assertRejected(old, /key/);
  });

  it("answers 401 while the issuer publishes what is no configuration", async () => {
    for (const configuration of [undefined, {}, { jwks_uri: 'not a "URL"\n' }]) {
      started.issuer.configuration = configuration;
      await assertRejected(
        await started.issuer.token(),
        /^Bearer scope="" error="invalid_token" error_description="[^"]+"$/,
      );
    }
  });
});
