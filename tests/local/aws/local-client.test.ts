import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { localClientConfig } from "../../../local/aws/local-client";
import { HOSTILE_ENVIRONMENT } from "../../support/hostile-environment";
import { withEnvironment } from "../../support/environment";

const TARGET = { region: "eu-west-1", endpoint: "http://127.0.0.1:9" };
const PACKAGES = ["client-dynamodb", "client-dynamodb-streams", "client-s3", "client-sqs"];

describe("localClientConfig", () => {
  for (const name of PACKAGES)
    it(`returns every setting that @aws-sdk/${name} would read from the environment`, () => {
      const file = join(
        __dirname,
        "..",
        "..",
        "..",
        "node_modules",
        "@aws-sdk",
        name,
        "dist-es",
        "runtimeConfig.js",
      );
      const read = [...readFileSync(file, "utf8").matchAll(/(\w+): config\?\.\1 \?\?\s*load\w*Config\(/g)];
      assert.ok(read.length >= 5, `${read.length} settings found in ${file}`);
      for (const [, setting] of read) {
        // The SDK calls the provider only if the setting itself is missing.
        const given = setting.replace(/Provider$/, "");
        assert.ok(given in localClientConfig(TARGET), given);
      }
    });

  describe("with the user's settings for AWS in the environment", () => {
    withEnvironment(HOSTILE_ENVIRONMENT);

    for (const Client of [DynamoDBClient, DynamoDBStreamsClient, S3Client, SQSClient])
      it(`hides them from ${Client.name}`, async () => {
        const { config } = new Client(localClientConfig(TARGET));
        assert.equal(await config.region(), "eu-west-1");
        assert.equal(await config.useFipsEndpoint(), false);
        assert.equal(await config.useDualstackEndpoint(), false);
        assert.equal(await config.maxAttempts(), 3);
        assert.equal(await config.userAgentAppId(), undefined);
        const { accessKeyId } = await config.credentials();
        assert.equal(accessKeyId, "local");
      });
  });
});
