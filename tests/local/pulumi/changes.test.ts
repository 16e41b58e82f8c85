import assert from "node:assert/strict";
import { Change, changeOf, checkedInputs, InputsVersion } from "../../../local/pulumi/changes";
import type { DeclaredResource, ResourceHandler } from "../../../local/aws/resource";

const TYPE = "aws:test/thing:Thing";
const unused = (): Promise<never> => Promise.reject(new Error("Nothing creates a resource here."));

function handlerWith(parts: Partial<ResourceHandler>): ResourceHandler {
  return {
    ...{ updatable: [], replacing: {}, create: unused, read: unused, update: unused, delete: unused },
    ...parts,
  };
}

function version(inputs: Record<string, unknown>, isAutoNamed = false): InputsVersion {
  return { inputs, comparable: inputs, isAutoNamed };
}

describe("changeOf", () => {
  const handler = handlerWith({
    updatable: ["size", "tags", "rules", "logging.format", "origins", "origins.path"],
    replacing: { engine: "a.go:1", "logging.group": "a.go:2", "origins.id": "a.go:3", keys: "a.go:4" },
  });

  function change(previous: Record<string, unknown>, next: Record<string, unknown>): Change {
    return changeOf(handler, version(previous), version(next));
  }

  it("returns none for equal inputs in another order of keys", () => {
    const none = { kind: "none", changed: [], replacing: [], deleteBeforeReplace: false };
    assert.deepEqual(
      change({ size: 1, tags: { a: "1", b: ["x"] } }, { tags: { b: ["x"], a: "1" }, size: 1 }),
      none,
    );
  });

  const absent: [title: string, value: unknown][] = [
    ["undefined", undefined],
    ["null", null],
    ["an empty list", []],
  ];
  for (const [title, value] of absent)
    it(`treats ${title} as an absent input, also in objects and in lists of objects`, () => {
      assert.equal(change({ size: value }, {}).kind, "none");
      assert.equal(change({}, { engine: value }).kind, "none");
      assert.equal(change({ tags: { a: value } }, { tags: {} }).kind, "none");
      assert.equal(change({ rules: [{ a: 1 }] }, { rules: [{ a: 1, b: value }] }).kind, "none");
    });

  const values: [title: string, previous: unknown, next: unknown][] = [
    ["a value", 1, 2],
    ["a type", 1, "1"],
    ["a value to an absent one", false, undefined],
    ["an absent value to an empty text", undefined, ""],
    ["an item of a list", [1, 2], [1, 3]],
    ["the order of a list", [1, 2], [2, 1]],
    ["the length of a list", [1, 2], [1]],
    ["a list to an object", [1], { 0: 1 }],
    ["a nested value", { a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }],
    ["an absent value to an empty object", undefined, {}],
  ];
  for (const [title, previous, next] of values)
    it(`updates an updatable input that changes from ${title}`, () => {
      const update = { kind: "update", changed: ["size"], replacing: [], deleteBeforeReplace: false };
      assert.deepEqual(change({ size: previous, engine: "x" }, { size: next, engine: "x" }), update);
      assert.deepEqual(change({ size: next }, { size: previous }), update);
    });

  it("replaces when a replacing input changes, and names every changed input", () => {
    assert.deepEqual(change({ size: 1, engine: "x", tags: {} }, { size: 2, engine: "y", tags: {} }), {
      ...{ kind: "replace", changed: ["engine", "size"], replacing: ["engine"], deleteBeforeReplace: false },
    });
  });

  it("decides by the field of an object", () => {
    const group = (name: string, format: string): object => ({ logging: { group: name, format } });
    assert.deepEqual(change({ ...group("a", "json") }, { ...group("a", "text") }), {
      ...{ kind: "update", changed: ["logging.format"], replacing: [], deleteBeforeReplace: false },
    });
    const replaced = change({ ...group("a", "json") }, { ...group("b", "text") });
    assert.equal(replaced.kind, "replace");
    assert.deepEqual(replaced.changed, ["logging.format", "logging.group"]);
    assert.deepEqual(replaced.replacing, ["logging.group"]);
  });

  it("counts the fields of an object that appears or disappears as changed", () => {
    assert.deepEqual(change({}, { logging: { group: "a" } }).replacing, ["logging.group"]);
    assert.deepEqual(change({ logging: { group: "a" } }, {}).replacing, ["logging.group"]);
    assert.equal(change({}, { logging: { format: "json" } }).kind, "update");
    assert.deepEqual(change({}, { logging: {} }).changed, ["logging"]);
  });

  it("decides by the fields of the objects of a list, by position, and by the input for other fields", () => {
    const first = { id: "a", path: "/", timeout: 1 };
    assert.deepEqual(change({ origins: [first] }, { origins: [{ ...first, path: "/b" }] }).changed, [
      "origins.path",
    ]);
    assert.deepEqual(change({ origins: [first] }, { origins: [{ ...first, timeout: 2 }] }).changed, [
      "origins",
    ]);
    const added = change({ origins: [first] }, { origins: [first, { id: "b", path: "/" }] });
    assert.deepEqual(added.changed, ["origins.id", "origins.path"]);
    assert.equal(added.kind, "replace");
  });

  describe("with unordered lists", () => {
    const sets = handlerWith({
      updatable: ["names", "rules", "groups", "members"],
      replacing: { "origins.id": "a.go:1", "origins.path": "a.go:2" },
      unordered: ["names", "origins", "groups", "groups.codes", "rules.filters"],
    });
    const between = (previous: Record<string, unknown>, next: Record<string, unknown>): Change =>
      changeOf(sets, version(previous), version(next));

    const equal: [title: string, name: string, previous: unknown, next: unknown][] = [
      ["texts", "names", ["a", "b", "a"], ["b", "a", "a"]],
      ["objects", "origins", [{ id: "a" }, { id: "b", path: undefined }], [{ id: "b" }, { id: "a" }]],
      ["lists in an object", "rules", { filters: [1, 2] }, { filters: [2, 1] }],
      ["lists in the objects of an ordered list", "rules", [{ filters: [1, 2] }], [{ filters: [2, 1] }]],
      [
        "lists in the objects of an unordered list",
        "groups",
        [{ codes: [1, 2] }, { codes: [3, 4] }],
        [{ codes: [4, 3] }, { codes: [2, 1] }],
      ],
    ];
    for (const [title, name, previous, next] of equal)
      it(`returns none for another order of ${title}`, () =>
        assert.equal(between({ [name]: previous }, { [name]: next }).kind, "none"));

    const different: [title: string, name: string, previous: unknown, next: unknown][] = [
      ["a list that is not unordered", "members", ["a", "b"], ["b", "a"]],
      ["an ordered list of an unordered one", "groups", [{ members: [1, 2] }], [{ members: [2, 1] }]],
      ["the number of equal items", "names", ["a", "a", "b"], ["a", "b", "b"]],
      ["the length", "names", ["b", "a"], ["a"]],
    ];
    for (const [title, name, previous, next] of different)
      it(`detects another order or content of ${title}`, () =>
        assert.deepEqual(between({ [name]: previous }, { [name]: next }).changed, [name]));

    it("compares the items that differ, wherever the equal ones are", () => {
      const origins = (...paths: string[]): object => ({ origins: paths.map((path) => ({ id: "a", path })) });
      assert.deepEqual(between({ ...origins("x", "y", "z") }, { ...origins("z", "x", "new") }).replacing, [
        "origins.path",
      ]);
    });
  });

  it("adds what a rule between inputs replaces, but asks it only about a change", () => {
    const rule = handlerWith({
      updatable: ["size", "kind"],
      replacingChanges: (previous, next) =>
        previous.size > next.size ? ["size"] : next.size === 9 ? ["kind"] : [],
    });
    const of = (previous: number, next: number): Change =>
      changeOf(rule, version({ size: previous }), version({ size: next }));
    assert.equal(of(1, 2).kind, "update");
    assert.deepEqual(of(2, 1).replacing, ["size"]);
    assert.deepEqual([of(8, 9).changed, of(8, 9).replacing], [["kind", "size"], ["kind"]]);
    assert.equal(of(9, 9).kind, "none");
  });

  describe("deleteBeforeReplace", () => {
    const named = {
      updatable: ["name", "size"],
      replacing: { engine: "a.go:1" },
      autoName: { input: "name" },
    };

    function deletesFirst(parts: Partial<ResourceHandler>, isAutoNamed: boolean, input = "engine"): boolean {
      const [previous, next] = ["x", "y"].map((value) => version({ name: "n", [input]: value }, isAutoNamed));
      return changeOf(handlerWith(parts), previous, next).deleteBeforeReplace;
    }

    it("is false for a generated name", () => assert.equal(deletesFirst(named, true), false));
    it("is true for an explicit name", () => assert.equal(deletesFirst(named, false), true));
    it("is false for a type without generated names", () =>
      assert.equal(deletesFirst({ ...named, autoName: undefined }, false), false));
    it("is true for a type whose handler demands it", () =>
      assert.equal(deletesFirst({ ...named, deleteBeforeReplace: true }, true), true));
    it("is false for an update", () =>
      assert.equal(deletesFirst({ ...named, deleteBeforeReplace: true }, false, "size"), false));
  });
});

describe("checkedInputs", () => {
  const handler = handlerWith({
    updatable: ["size"],
    replacing: { name: "a.go:1" },
    remedies: { colour: "Use size instead." },
    autoName: { input: "name", maxLength: 20 },
  });

  function declared(inputs: Record<string, unknown>, physicalName = "queue-0a1b2c3"): DeclaredResource {
    return { type: TYPE, name: "queue", region: "eu-west-1", physicalName, inputs };
  }

  it("fills in the name that the program leaves out", () => {
    const named = { inputs: { size: 1, name: "queue-0a1b2c3" }, isAutoNamed: true };
    assert.deepEqual(checkedInputs(handler, declared({ size: 1 })), named);
    assert.deepEqual(checkedInputs(handler, declared({ size: 1, name: undefined })), named);
  });

  it("keeps an explicit name, also one that is longer than a generated name may be", () => {
    const inputs = { name: "an explicit name that is long" };
    assert.deepEqual(checkedInputs(handler, declared(inputs)), { inputs, isAutoNamed: false });
  });

  it("keeps the generated name of the existing resource", () => {
    const previous = { inputs: { name: "queue-fffffff" }, isAutoNamed: true };
    assert.equal(checkedInputs(handler, declared({ size: 2 }), previous).inputs.name, "queue-fffffff");
  });

  it("generates a name in place of an explicit one that the program no longer gives", () => {
    const previous = { inputs: { name: "explicit" }, isAutoNamed: false };
    assert.deepEqual(checkedInputs(handler, declared({}), previous), {
      inputs: { name: "queue-0a1b2c3" },
      isAutoNamed: true,
    });
  });

  it("leaves inputs of a type without generated names unchanged", () => {
    const inputs = { size: 1 };
    assert.equal(checkedInputs({ ...handler, autoName: undefined }, declared(inputs)).inputs, inputs);
  });

  it("rejects a generated name that is too long, with the type, both lengths and the fix", () => {
    assert.throws(() => checkedInputs(handler, declared({}, "a-very-long-name-0a1b2c3")), {
      message:
        `could not make instance of '${TYPE}': name 'a-very-long-name-' plus 7 random chars is longer than maximum length 20. ` +
        "Set name, or choose a shorter logical name.",
    });
    assert.equal(
      checkedInputs(handler, declared({}, "exactly-long-0a1b2c3")).inputs.name,
      "exactly-long-0a1b2c3",
    );
  });

  it("rejects an input that the handler does not list, with its remedy", () => {
    assert.throws(() => checkedInputs(handler, declared({ colour: "red" })), {
      message: `The local cloud does not support colour of ${TYPE}. Use size instead.`,
    });
  });
});
