import assert from "node:assert/strict";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parsePolicy, type Statement } from "../../../../local/aws/iam/policy";
import { credentialsWith } from "../../support/function-roles";
import { FakeService } from "../../support/fake-service";
import { allow } from "../../support/guarded-dynamodb";
import { openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";

const QUEUE = "arn:aws:sqs:eu-west-1:000000000000:quarantine";
const BUCKET = "arn:aws:s3:::failures";

describe("Calls on a queue or a bucket with a policy", () => {
  let open: OpenEndpoint;
  let service: FakeService;
  let policy: readonly Statement[] | undefined;
  const clients: { destroy(): void }[] = [];

  beforeEach(async () => {
    policy = undefined;
    service = new FakeService(() => ({ MessageId: "1" }));
    await service.start();
    open = await openEndpoint(undefined, {
      resourcePolicyOf: (arn) => (arn === QUEUE || arn.startsWith(BUCKET) ? policy : undefined),
    });
    for (const name of ["sqs", "s3"] as const) open.endpoint.register(name, "eu-west-1", service.url);
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await service.close();
  });

  const deny = (action: string, resource: string, secure: string, Principal: unknown = "*"): void => {
    policy = parsePolicy(
      {
        Statement: [
          {
            Effect: "Deny",
            Principal,
            Action: action,
            Resource: resource,
            Condition: { Bool: { "aws:SecureTransport": secure } },
          },
        ],
      },
      "resource",
      "the policy under test",
    );
  };
  const options = async (action: string, resource: string): Promise<object> => ({
    ...{ endpoint: open.url, region: "eu-west-1", maxAttempts: 1, forcePathStyle: true, md5: false },
    credentials: await credentialsWith(open.iam, [allow(action, resource)]),
  });
  const send = async (): Promise<unknown> => {
    const client = new SQSClient(await options("sqs:SendMessage", QUEUE));
    clients.push(client);
    const QueueUrl = `${open.url}/000000000000/quarantine`;
    return client.send(new SendMessageCommand({ QueueUrl, MessageBody: "record" }));
  };
  const put = async (): Promise<unknown> => {
    const client = new S3Client(await options("s3:PutObject", `${BUCKET}/*`));
    clients.push(client);
    return client.send(new PutObjectCommand({ Bucket: "failures", Key: "record", Body: "{}" }));
  };
  const denied = /not authorized to perform: .* with an explicit deny in a resource-based policy/;

  for (const [what, call, action, resource] of [
    ["queue", send, "sqs:*", QUEUE],
    ["bucket", put, "s3:*", `${BUCKET}/*`],
  ] as const) {
    it(`of a ${what} are allowed while the policy denies plain HTTP only`, async () => {
      deny(action, resource, "false");
      await call();
      assert.ok(service.requests.length > 0);
    });

    it(`of a ${what} are denied by its policy, also if the role allows them`, async () => {
      deny(action, resource, "true");
      await assert.rejects(call(), denied);
      assert.equal(service.requests.length, 0);
    });

    it(`of a ${what} are not denied to another principal`, async () => {
      deny(action, resource, "true", { Service: "cloudfront.amazonaws.com" });
      await call();
    });
  }
});
