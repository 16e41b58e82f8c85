import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../../../../local/aws/dynamodb/item";
import { KEY, RawTable } from "./raw-table";

const HOSTILE_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
const character = fc.oneof(
  fc.constantFrom(
    "a",
    "~",
    "/",
    "\u007F",
    "é",
    "\uD7FF",
    "\uE000",
    "～",
    "\uFFFF",
    "\u{10000}",
    "😀",
    "\u{10FFFF}",
  ),
  fc
    .integer({ min: 1, max: 0x10ffff })
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code)),
);
const text = fc.array(character, { minLength: 1, maxLength: 4 }).map((characters) => characters.join(""));

describe("Values of the local DynamoDB", () => {
  let table: RawTable;
  beforeEach(async () => {
    table = await RawTable.start();
  });
  afterEach(() => table.close());

  describe("in UTF-8 byte order", () => {
    const inOrder = (texts: readonly string[]): string[] =>
      [...texts].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

    it("sort in tables and indexes, in both directions", async () => {
      const texts = fc.uniqueArray(text, { minLength: 2, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(texts, fc.uuid(), fc.boolean(), async (sorts, id, ScanIndexForward) => {
          for (const sort of sorts)
            await table.put({ id: { S: id }, sort: { S: sort }, group: { S: id }, order: { S: sort } });
          const expected = ScanIndexForward ? inOrder(sorts) : inOrder(sorts).reverse();
          for (const query of [
            { KeyConditionExpression: "id = :id" },
            {
              KeyConditionExpression: "#g = :id",
              ExpressionAttributeNames: { "#g": "group" },
              IndexName: "byGroup",
            },
          ]) {
            const ExpressionAttributeValues = { ":id": { S: id } };
            const { Items } = await table.call("Query", {
              ...query,
              ExpressionAttributeValues,
              ScanIndexForward,
            });
            assert.deepEqual(
              (Items as Json[]).map(({ sort }) => sort.S as string),
              expected,
            );
          }
        }),
        { numRuns: 25, examples: [[["～", "😀"], "example", true]] },
      );
    });

    it("are compared in filters, conditions and key conditions", async () => {
      await fc.assert(
        fc.asyncProperty(text, text, async (left, right) => {
          const order = Buffer.compare(Buffer.from(left), Buffer.from(right));
          await table.put({ left: { S: left }, sort: { S: left } });
          const values = { ":v": { S: right } };
          const results = {
            "#l < :v": order < 0,
            "#l <= :v": order <= 0,
            "#l > :v": order > 0,
            "#l >= :v": order >= 0,
            "#l = :v": order === 0,
            "#l <> :v": order !== 0,
            "#l BETWEEN :v AND :v": order === 0,
            "begins_with(#l, :v)": left.startsWith(right),
            "contains(#l, :v)": left.includes(right),
          };
          for (const [expression, expected] of Object.entries(results)) {
            const isSame = (await table.matches(expression, values, { "#l": "left" })) === expected;
            assert.ok(isSame, `${expression} of ${JSON.stringify([left, right])}`);
          }
          const { Count } = await table.call("Query", {
            KeyConditionExpression: "id = :id AND sort < :v",
            ExpressionAttributeValues: { ":id": KEY.id, ...values },
          });
          assert.equal(Count, order < 0 ? 1 : 0);
          await table.call("DeleteItem", { Key: { ...KEY, sort: { S: left } } });
        }),
        {
          numRuns: 40,
          examples: [
            ["～", "😀"],
            ["😀", "～"],
            ["😀", "\u{1F601}"],
          ],
        },
      );
    });
  });

  describe("named as a member of Object.prototype", () => {
    it("are stored, read, projected and changed, also in maps", async () => {
      for (const name of HOSTILE_NAMES) {
        const attributes = JSON.parse(
          JSON.stringify({ map: { M: {} } })
            .replace("{}", `{"${name}":{"S":"inner"}}`)
            .replace(/}$/, `,"${name}":{"S":"outer"}}`),
        ) as Json;
        await table.put(attributes);
        const stored = JSON.stringify(await table.get());
        assert.ok(
          stored.includes(`"${name}":{"S":"outer"}`) && stored.includes(`"${name}":{"S":"inner"}`),
          stored,
        );
        const ExpressionAttributeNames = { "#n": name, "#m": "map" };
        const projected = await table.call("GetItem", {
          Key: KEY,
          ProjectionExpression: "#n, #m.#n",
          ExpressionAttributeNames,
        });
        assert.equal(Object.getOwnPropertyDescriptor(projected.Item, name)?.value.S, "outer");
        assert.equal(Object.getOwnPropertyDescriptor(projected.Item.map.M, name)?.value.S, "inner");
        const { Attributes } = await table.call("UpdateItem", {
          Key: KEY,
          UpdateExpression: "SET #n = :new, #m.#n = :new",
          ExpressionAttributeNames,
          ExpressionAttributeValues: { ":new": { S: "changed" } },
          ReturnValues: "ALL_NEW",
        });
        assert.equal(Object.getOwnPropertyDescriptor(Attributes, name)?.value.S, "changed");
        assert.equal(Object.getOwnPropertyDescriptor(Attributes.map.M, name)?.value.S, "changed");
        assert.ok(await table.matches("#n = :new", { ":new": { S: "changed" } }, { "#n": name }));
        await table.call("UpdateItem", {
          Key: KEY,
          UpdateExpression: "REMOVE #n",
          ExpressionAttributeNames: { "#n": name },
        });
        assert.ok(!JSON.stringify(await table.get()).includes(`"${name}":{"S":"outer"}`));
      }
    });

    it("do not exist if they were not written", async () => {
      await table.put({ map: { M: {} } });
      for (const name of HOSTILE_NAMES) {
        assert.ok(await table.matches("attribute_not_exists(#n)", {}, { "#n": name }), name);
        assert.ok(await table.matches("attribute_not_exists(#m.#n)", {}, { "#n": name, "#m": "map" }), name);
        const Item = { ...KEY, id: { S: `new-${name}` } };
        const condition = {
          ConditionExpression: "attribute_not_exists(#n)",
          ExpressionAttributeNames: { "#n": name },
        };
        await table.call("PutItem", { Item, ...condition });
      }
    });
  });

  describe("compared by content", () => {
    const stored = {
      empty: { S: "" },
      bytes: { B: "/w==" },
      list: { L: [{ S: "" }, { M: { a: { N: "1" } } }, { BOOL: true }, { NULL: true }, { SS: ["a", "b"] }] },
      tags: { SS: ["a", "b"] },
      numbers: { NS: ["1", "2"] },
      map: { M: { a: { L: [{ N: "1" }] } } },
    };
    const CASES: readonly [string, Json, boolean][] = [
      ["#map = :v", { M: { a: { L: [{ N: "1.0" }] } } }, true],
      ["#map <> :v", { M: { a: { L: [{ N: "1" }] } } }, false],
      ["#map = :v", { M: { a: { L: [{ N: "2" }] } } }, false],
      ["#list = :v", stored.list, true],
      ["#list = :v", { L: [...stored.list.L].reverse() }, false],
      ["#tags = :v", { SS: ["b", "a"] }, true],
      ["#numbers = :v", { NS: ["2.0", "1e0"] }, true],
      ["contains(#list, :v)", { S: "" }, true],
      ["contains(#list, :v)", { M: { a: { N: "1.0" } } }, true],
      ["contains(#list, :v)", { BOOL: true }, true],
      ["contains(#list, :v)", { BOOL: false }, false],
      ["contains(#list, :v)", { NULL: true }, true],
      ["contains(#list, :v)", { SS: ["b", "a"] }, true],
      ["begins_with(#bytes, :v)", { B: "/g==" }, false],
      ["contains(#bytes, :v)", { B: "/g==" }, false],
      ["contains(#bytes, :v)", { B: "/w==" }, true],
      ["#empty = :v", { S: "" }, true],
      ["#empty IN (:v)", { S: "" }, true],
      ["#empty BETWEEN :v AND :v", { S: "" }, true],
      ["attribute_type(#empty, :v)", { S: "S" }, true],
      ["size(#empty) = :v", { N: "0" }, true],
      ["nowhere = :v", { S: "" }, false],
      ["nowhere <> :v", { S: "" }, true],
      ["nowhere < :v", { S: "a" }, false],
    ];
    for (const [expression, value, expected] of CASES)
      it(`${expression} is ${expected} for ${JSON.stringify(value)}`, async () => {
        await table.put(stored);
        const [name] = /#[a-z]+/.exec(expression) ?? [];
        const names = name === undefined ? undefined : { [name]: name.slice(1) };
        assert.equal(await table.matches(expression, { ":v": value }, names), expected);
      });

    it("differ if neither attribute exists", async () => {
      await table.put({});
      for (const [operator, expected] of Object.entries({ "=": false, "<=": false, "<>": true }))
        assert.equal(await table.matches(`nowhere ${operator} nothing`), expected, operator);
    });

    it("keep the rules of sets and binary values", async () => {
      await table.put({ empty: { B: "" }, member: { SS: [""] } });
      for (const value of [
        { SS: [] },
        { NS: [] },
        { BS: [] },
        { SS: ["a", "a"] },
        { NS: ["1", "1.0"] },
        { BS: ["AA==", "AA=="] },
      ])
        await table.putRejection({ value });
    });
  });
});
