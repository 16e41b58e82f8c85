import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, disconnect } from "../../../operations/cli/aws-clients";
import { credentialsFor } from "../../../operations/cli/aws-credentials";
import type { DeployedRegion } from "../../../operations/cli/deployed-regions";
import { withEnvironment } from "../../support/environment";

const SINGAPORE = { name: "singapore", code: "ap-southeast-1" } as DeployedRegion;
const DIRECTORY = join(tmpdir(), `credentials-${process.pid}`);
const CONFIG = join(DIRECTORY, "config");
/** Profile whose region is down. */
const PROFILE = `
[profile source]
region = eu-west-1
aws_access_key_id = AKIASOURCE
aws_secret_access_key = secret
[profile operator]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/operator
source_profile = source
`;
const TAKEN = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIATAKEN</AccessKeyId><SecretAccessKey>taken</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

describe("credentialsFor", () => {
  withEnvironment({
    AWS_PROFILE: "operator",
    AWS_CONFIG_FILE: CONFIG,
    AWS_SHARED_CREDENTIALS_FILE: join(DIRECTORY, "none"),
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
  });
  before(async () => {
    await mkdir(DIRECTORY, { recursive: true });
    await writeFile(CONFIG, PROFILE);
  });
  after(() => rm(DIRECTORY, { recursive: true }));

  it("assumes a role with STS of the called region, not of the profile's region", async () => {
    const asked: string[] = [];
    /** Fake network that responds like STS. */
    const requestHandler = {
      async handle(request: { hostname: string; headers: Record<string, string> }): Promise<object> {
        const scope = /Credential=([^,]*)/.exec(request.headers.authorization)?.[1].split("/");
        asked.push([request.hostname, scope?.[0], scope?.[2]].join(" "));
        const headers = { "content-type": "text/xml" };
        return { response: { statusCode: 200, headers, body: new Response(TAKEN).body } };
      },
      destroy: () => undefined,
    };
    const connected = await connect(SINGAPORE, { maxAttempts: 1, requestHandler });
    try {
      const { dynamodb, sqs, s3 } = connected.clients;
      for (const client of [dynamodb, sqs, s3])
        assert.equal((await client.config.credentials()).accessKeyId, "ASIATAKEN");
      assert.deepEqual(asked, ["sts.ap-southeast-1.amazonaws.com AKIASOURCE ap-southeast-1"]);
    } finally {
      disconnect([connected]);
    }
  });

  it("returns dummy credentials for the local cloud", () => {
    assert.deepEqual(credentialsFor({ code: "eu-west-1", endpoints: {} }), {
      accessKeyId: "local",
      secretAccessKey: "local",
    });
  });
});
