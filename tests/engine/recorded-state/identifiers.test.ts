import assert from "node:assert/strict";
import { Identifiers } from "./identifiers";

describe("the identifiers of a restored state", () => {
  const OLD_ARN = "arn:aws:acm:eu-west-1:000000000000:certificate/old-certificate";
  const NEW_ARN = "arn:aws:acm:eu-west-1:000000000000:certificate/new-certificate";

  it("are changed at any depth and within texts", () => {
    const identifiers = new Identifiers();
    identifiers.learn(
      { arn: OLD_ARN, names: ["ns-1.old.test", "same"] },
      { arn: NEW_ARN, names: ["ns-2.new.test", "same"] },
    );
    const policy = JSON.stringify({ Resource: [OLD_ARN, `${OLD_ARN}/x`] });
    assert.deepEqual(identifiers.translate({ list: [{ policy }], server: "ns-1.old.test", count: 1 }), {
      list: [{ policy: policy.replaceAll(OLD_ARN, NEW_ARN) }],
      server: "ns-2.new.test",
      count: 1,
    });
  });

  it("are whole words, and the longest one counts", () => {
    const identifiers = new Identifiers();
    identifiers.learn("abcdefg", "1234567");
    identifiers.learn("http://abcdefg.test", "http://elsewhere.test");
    assert.equal(identifiers.translate("abcdefgh abcdefg"), "abcdefgh 1234567");
    assert.equal(identifiers.translate("http://abcdefg.test/tickets"), "http://elsewhere.test/tickets");
  });

  it("leave out short texts, such as states", () => {
    const identifiers = new Identifiers();
    identifiers.learn({ state: "ready" }, { state: "going" });
    assert.equal(identifiers.translate("ready"), "ready");
  });
});
