import assert from "node:assert/strict";
import { mockStack, onlyProblemOf, read, regions } from "./read-configuration";

describe("readConfig: region and domain names", () => {
  before(mockStack);

  const ireland = ["ireland", "eu-west-1"] as const;
  for (const [what, value] of [
    ["one region", regions(ireland)],
    ["three regions", regions(ireland, ["oregon", "us-west-2"], ["tokyo", "ap-northeast-1"])],
    ["the same alias twice", regions(ireland, ["ireland", "us-west-2"])],
    ["the same region twice", regions(ireland, ["dublin", "eu-west-1"])],
    ["an alias with capitals", regions(ireland, ["Tokyo", "ap-northeast-1"])],
    ["an alias that ends with a hyphen", regions(ireland, ["tokyo-", "ap-northeast-1"])],
    [
      "an alias too long for the names that contain it",
      regions(ireland, ["a2345678901234567", "ap-northeast-1"]),
    ],
    ["an alias that equals another host name's label", regions(ireland, ["api", "ap-northeast-1"])],
    ["an alias that equals a role's name", regions(ireland, ["primary", "ap-northeast-1"])],
    ["a malformed region code", regions(ireland, ["tokyo", "Tokyo"])],
    [
      "a region with a misspelt key",
      JSON.stringify([
        { name: "ireland", code: "eu-west-1" },
        { name: "a", kode: "b" },
      ]),
    ],
    ["a region that is a string", JSON.stringify(["eu-west-1", "ap-southeast-1"])],
    ["a value that is not a list", JSON.stringify({ name: "ireland" })],
  ] as const)
    it(`rejects ${what}`, () => {
      assert.match(onlyProblemOf({ regions: value }), /tickets:regions is .*a list of exactly two regions/);
    });

  /** Regions by partition, from `partitions.json` of the AWS SDK for JavaScript 3. */
  const REGIONS_BY_PARTITION: Readonly<Record<string, string>> = {
    aws:
      "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-2 " +
      "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 " +
      "eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 " +
      "sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2",
    "aws-cn": "cn-north-1 cn-northwest-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1 us-iso-west-1",
    "aws-iso-b": "us-isob-east-1 us-isob-west-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-east-1 us-isof-south-1",
    "aws-us-gov": "us-gov-east-1 us-gov-west-1",
  };
  for (const [partition, list] of Object.entries(REGIONS_BY_PARTITION))
    if (partition === "aws")
      it("accepts every region of the partition aws, also those that an account must enable first", () => {
        for (const code of list.split(" "))
          assert.equal(read({ regions: regions(ireland, ["other-1", code]) }).regions[1].code, code);
      });
    else
      it(`rejects the regions of ${partition}, with the reason`, () => {
        for (const code of list.split(" ")) {
          const problem = onlyProblemOf({ regions: regions(ireland, ["other", code]) });
          assert.ok(
            problem.includes(`two regions of the partition aws. ${code} is in ${partition}, and`),
            problem,
          );
          assert.match(problem, /Fix it with: pulumi config set --path 'regions\[1\]\.code' eu-west-1$/);
        }
      });

  it("rejects two regions of another partition", () => {
    const problem = onlyProblemOf({
      primary: "west",
      regions: regions(["west", "us-gov-west-1"], ["east", "us-gov-east-1"]),
    });
    assert.match(problem, /us-gov-west-1 is in aws-us-gov.*regions\[0\]/);
  });

  for (const domainName of [
    "Tickets.example.com",
    "tickets..com",
    "-a.example.com",
    "tickets.example.com.",
    `${"a".repeat(60)}.test`,
  ])
    it(`rejects the domain name ${domainName}`, () => {
      assert.match(onlyProblemOf({ domainName }), /tickets:domainName is .*at most 64 characters/);
    });
});
