import assert from "node:assert/strict";
import { arnOf, physicalNameOf } from "../../../local/aws/resource";

describe("arnOf", () => {
  it("returns an ARN with region and account", () => {
    assert.equal(
      arnOf("dynamodb", "eu-west-1", "table/tickets"),
      "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets",
    );
  });

  it("omits the account where AWS does", () => {
    assert.equal(arnOf("s3", "", "bucket"), "arn:aws:s3:::bucket");
    assert.equal(arnOf("apigateway", "eu-west-1", "/apis/1"), "arn:aws:apigateway:eu-west-1::/apis/1");
    assert.equal(arnOf("route53", "", "hostedzone/Z1"), "arn:aws:route53:::hostedzone/Z1");
  });
});

describe("physicalNameOf", () => {
  const name = physicalNameOf("ireland", "aws:sqs/queue:Queue", "quarantine");

  it("returns the logical name with seven hexadecimal digits, the same every time", () => {
    assert.match(name, /^quarantine-[0-9a-f]{7}$/);
    assert.equal(physicalNameOf("ireland", "aws:sqs/queue:Queue", "quarantine"), name);
  });

  it("returns different names for different stacks and types", () => {
    assert.notEqual(physicalNameOf("singapore", "aws:sqs/queue:Queue", "quarantine"), name);
    assert.notEqual(physicalNameOf("ireland", "aws:s3/bucket:Bucket", "quarantine"), name);
  });
});
