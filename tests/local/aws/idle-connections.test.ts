import assert from "node:assert/strict";
import { LocalFauxqs } from "../../../local/aws/sqs/fauxqs";
import { openEndpoint } from "../support/open-endpoint";
import { DynamoDBFixture } from "./dynamodb/dynamodb-fixture";

/** A server that closes idle connections announces when: https://nodejs.org/docs/latest-v20.x/api/http.html#serverkeepalivetimeout */
async function announcedTimeout(url: string): Promise<string | null> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.headers.get("keep-alive");
}

describe("Idle connections of SDK clients", () => {
  const cleanups: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it("are not closed by the AWS endpoint", async () => {
    const { endpoint, url } = await openEndpoint();
    cleanups.push(() => endpoint.close());
    assert.equal(await announcedTimeout(url), null);
  });

  it("are not closed by DynamoDB", async () => {
    const fixture = await DynamoDBFixture.start();
    cleanups.push(() => fixture.close());
    assert.equal(await announcedTimeout(fixture.service.endpoint("eu-west-1")), null);
  });

  it("are not closed by SQS and S3", async () => {
    const { endpoint, regions } = await openEndpoint();
    cleanups.push(() => endpoint.close());
    const fauxqs = await LocalFauxqs.start(regions);
    cleanups.push(() => fauxqs.close());
    assert.equal(await announcedTimeout(fauxqs.endpoint("eu-west-1")), null);
  });
});
