import assert from "node:assert/strict";
import { mockStack, onlyProblemOf, regions } from "./read-configuration";

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
