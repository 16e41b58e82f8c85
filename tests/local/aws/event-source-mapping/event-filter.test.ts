import assert from "node:assert/strict";
import { compileFilters } from "../../../../local/aws/event-source-mapping/event-filter";

const fail = (why: string): never => {
  throw new Error(why);
};

const EVENT = {
  eventName: "MODIFY",
  dynamodb: {
    Keys: { id: { S: "01J" } },
    NewImage: {
      origin: { S: "eu-west-1" },
      empty: { S: "" },
      gone: { NULL: true },
      tags: { SS: ["red", "green"] },
      count: { N: "7" },
      owner: { M: { name: { S: "Nora" } } },
    },
    SizeBytes: 26,
    Nothing: null,
  },
};

const s = (attribute: string, rules: unknown[]): unknown => ({
  dynamodb: { NewImage: { [attribute]: { S: rules } } },
});

describe("A filter of an event source mapping", () => {
  const cases: [string, unknown, boolean][] = [
    ["an equal string", s("origin", ["eu-west-1"]), true],
    ["another string", s("origin", ["ap-southeast-1"]), false],
    ["one of several strings", s("origin", ["ap-southeast-1", "eu-west-1"]), true],
    ["a string in another case", s("origin", ["EU-WEST-1"]), false],
    ["a missing attribute", s("absent", ["x"]), false],
    ["an empty string", s("empty", [""]), true],
    ["null", { dynamodb: { Nothing: [null] } }, true],
    ["null where a string is", s("origin", [null]), false],
    ["true", { dynamodb: { NewImage: { gone: { NULL: [true] } } } }, true],
    ["an equal number", { dynamodb: { SizeBytes: [26] } }, true],
    ["another number", { dynamodb: { SizeBytes: [27] } }, false],
    ["a number where DynamoDB has a string", { dynamodb: { NewImage: { count: { N: [7] } } } }, false],
    ["DynamoDB's number as a string", { dynamodb: { NewImage: { count: { N: ["7"] } } } }, true],
    ["a nested attribute", { dynamodb: { NewImage: { owner: { M: { name: { S: ["Nora"] } } } } } }, true],
    ["an element of a set", { dynamodb: { NewImage: { tags: { SS: ["green"] } } } }, true],
    ["all of several fields", { eventName: ["MODIFY"], dynamodb: { SizeBytes: [26] } }, true],
    ["one of several fields alone", { eventName: ["INSERT"], dynamodb: { SizeBytes: [26] } }, false],
    ["a prefix", s("origin", [{ prefix: "eu-" }]), true],
    ["another prefix", s("origin", [{ prefix: "ap-" }]), false],
    ["a suffix", s("origin", [{ suffix: "-1" }]), true],
    ["another suffix", s("origin", [{ suffix: "-2" }]), false],
    ["equals-ignore-case", s("origin", [{ "equals-ignore-case": "EU-West-1" }]), true],
    ["anything-but another", s("origin", [{ "anything-but": ["ap-southeast-1"] }]), true],
    ["anything-but the same", s("origin", [{ "anything-but": ["eu-west-1", "x"] }]), false],
    ["anything-but as a string", s("origin", [{ "anything-but": "eu-west-1" }]), false],
    ["anything-but of a missing attribute", s("absent", [{ "anything-but": ["x"] }]), false],
    ["exists", s("origin", [{ exists: true }]), true],
    ["exists of a missing attribute", s("absent", [{ exists: true }]), false],
    ["exists: false of a missing attribute", s("absent", [{ exists: false }]), true],
    [
      "exists: false of a missing parent",
      { dynamodb: { OldImage: { id: { S: [{ exists: false }] } } } },
      true,
    ],
    ["exists: false of an existing attribute", s("origin", [{ exists: false }]), false],
    ["a string or an operator", s("origin", ["x", { prefix: "eu" }]), true],
    ["$or, first", { $or: [{ eventName: ["MODIFY"] }, { eventName: ["INSERT"] }] }, true],
    ["$or, none", { $or: [{ eventName: ["REMOVE"] }, { dynamodb: { SizeBytes: [1] } }] }, false],
    ["$or within", { dynamodb: { $or: [{ SizeBytes: [1] }, { Keys: { id: { S: ["01J"] } } }] } }, true],
    [
      "$or and a field",
      { eventName: ["REMOVE"], $or: [{ dynamodb: { SizeBytes: [26] } }, { x: ["y"] }] },
      false,
    ],
  ];
  for (const [what, pattern, expected] of cases)
    it(`${expected ? "passes" : "rejects"} an event with ${what}`, () => {
      assert.equal(compileFilters([JSON.stringify(pattern)], fail)(EVENT), expected);
    });

  it("passes every event without patterns, and an event that one of several patterns matches", () => {
    assert.equal(compileFilters([], fail)({}), true);
    const patterns = [{ eventName: ["INSERT"] }, { eventName: ["MODIFY"] }].map((pattern) =>
      JSON.stringify(pattern),
    );
    assert.equal(compileFilters(patterns, fail)(EVENT), true);
    assert.equal(compileFilters(patterns, fail)({ eventName: "REMOVE" }), false);
  });

  const refused: [string, string, RegExp][] = [
    ["not JSON", "{", /not JSON: \{/],
    [
      "a bare value",
      '{"eventName":"INSERT"}',
      /"INSERT" at eventName, where an object or a list is required/,
    ],
    ["an empty object", '{"dynamodb":{}}', /empty object at dynamodb/],
    ["an empty list", '{"dynamodb":{"Keys":[]}}', /empty list at dynamodb\.Keys/],
    [
      "numeric",
      '{"dynamodb":{"SizeBytes":[{"numeric":["=",1]}]}}',
      /numeric at dynamodb\.SizeBytes: DynamoDB's numbers are strings/,
    ],
    ["an unknown operator", '{"a":[{"like":"x"}]}', /unknown operator like at a/],
    ["a wrong operand", '{"a":[{"prefix":["x"]}]}', /gives prefix at a the operand \["x"\]/],
    ["several operators", '{"a":[{"prefix":"x","suffix":"y"}]}', /several operators in one object at a/],
    ["a short $or", '{"$or":[{"a":["x"]}]}', /\$or that is not a list of two or more/],
    ["too long a pattern", JSON.stringify({ a: ["x".repeat(4096)] }), /pattern of 41\d\d characters/],
  ];
  for (const [what, pattern, message] of refused)
    it(`rejects a pattern with ${what}`, () => {
      assert.throws(() => compileFilters([pattern], fail), message);
    });

  it("rejects more than five patterns", () => {
    assert.throws(
      () => compileFilters(Array(6).fill('{"a":["b"]}'), fail),
      /6 filters; a mapping may have 5/,
    );
  });
});
