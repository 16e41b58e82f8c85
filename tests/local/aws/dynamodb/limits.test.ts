import assert from "node:assert/strict";
import type { Json } from "../../../../local/aws/dynamodb/item";
import { KEY, RawTable } from "./raw-table";

const NINES = "9".repeat(38);

describe("Limits of the local DynamoDB", () => {
  let table: RawTable;
  before(async () => {
    table = await RawTable.start();
  });
  after(() => table.close());

  const update = (UpdateExpression: string, ExpressionAttributeValues: Json): Json => {
    return { Key: KEY, UpdateExpression, ExpressionAttributeValues, ReturnValues: "ALL_NEW" };
  };

  describe("on index keys", () => {
    for (const [name, attributes] of [
      ["group", { group: { S: "" }, order: { S: "o" } }],
      ["order", { group: { S: "g" }, order: { S: "" } }],
    ] as const)
      it(`reject an empty string as ${name} in every write operation`, async () => {
        const Item = { ...KEY, ...attributes };
        const message =
          "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
          `The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byGroup, IndexKey: ${name}`;
        assert.equal(await table.putRejection(attributes), message);
        const RequestItems = { raw: [{ PutRequest: { Item } }] };
        assert.equal(await table.rejection("BatchWriteItem", { RequestItems }), message);
        const TransactItems = [{ Put: { TableName: "raw", Item } }];
        assert.equal(await table.rejection("TransactWriteItems", { TransactItems }), message);
        await table.put({});
        const setting = {
          ...update("SET #k = :e", { ":e": { S: "" } }),
          ExpressionAttributeNames: { "#k": name },
        };
        assert.match(await table.rejection("UpdateItem", setting), /cannot contain an empty string value/);
        assert.deepEqual(await table.get(), KEY);
      });

    it("reject an empty string that an update copies from another attribute", async () => {
      await table.put({ blank: { S: "" } });
      const copying = {
        Key: KEY,
        UpdateExpression: "SET #g = blank",
        ExpressionAttributeNames: { "#g": "group" },
      };
      assert.match(await table.rejection("UpdateItem", copying), /cannot contain an empty string value/);
    });

    it("reject an empty string in a query", async () => {
      for (const [query, where] of [
        [{ KeyConditionExpression: "id = :e" }, /Key: id$/],
        [
          {
            IndexName: "byGroup",
            KeyConditionExpression: "#g = :e",
            ExpressionAttributeNames: { "#g": "group" },
          },
          /IndexName: byGroup, IndexKey: group$/,
        ],
      ] as const)
        assert.match(
          await table.rejection("Query", { ...query, ExpressionAttributeValues: { ":e": { S: "" } } }),
          where,
        );
    });
  });

  describe("on the length of keys in UTF-8 bytes", () => {
    const cases: readonly [string, number][] = [
      ["id", 2048],
      ["sort", 1024],
      ["group", 2048],
      ["order", 1024],
    ];
    for (const [name, bytes] of cases)
      for (const character of ["x", "é", "～", "😀"])
        it(`accept ${bytes} bytes of ${character} for ${name}, and reject more`, async () => {
          const size = Buffer.byteLength(character);
          const padding = "x".repeat(bytes % size);
          const longest = padding + character.repeat(Math.floor(bytes / size));
          await table.put({ group: { S: "g" }, order: { S: "o" }, [name]: { S: longest } });
          assert.match(
            await table.putRejection({ group: { S: "g" }, order: { S: "o" }, [name]: { S: `${longest}x` } }),
            /Size of hashkey has exceeded|Aggregated size of all range keys has exceeded/,
          );
        });
  });

  it("count the size of an item in UTF-8 bytes, including names", async () => {
    const left = 400 * 1024 - Buffer.byteLength("iditemsortsé");
    const longest = "é".repeat(Math.floor(left / 2)) + "x".repeat(left % 2);
    await table.put({ é: { S: longest } });
    assert.match(await table.putRejection({ é: { S: `${longest}x` } }), /Item size has exceeded/);
    assert.match(await table.putRejection({ éé: { S: longest } }), /Item size has exceeded/);
  });

  describe("on numbers", () => {
    for (const number of [
      "1e126",
      "-1e126",
      "1e-131",
      "1".repeat(39),
      "",
      "abc",
      " 1",
      "0x1",
      "NaN",
      "Infinity",
    ])
      it(`reject the literal ${JSON.stringify(number)}`, async () => {
        assert.match(await table.putRejection({ number: { N: number } }), /[Nn]umber|numeric/);
      });

    for (const [number, stored] of [
      ["-0", "0"],
      ["0.0", "0"],
      ["1.0", "1"],
      ["1e2", "100"],
      ["+1", "1"],
      ["007", "7"],
      [`${"1".repeat(38)}0`, `${"1".repeat(38)}0`],
    ])
      it(`store ${number} as ${stored}`, async () => {
        await table.put({ number: { N: number } });
        assert.equal((await table.get()).number.N, stored);
      });

    for (const [stored, expression, operand] of [
      [NINES, "SET #n = #n + :n", "2"],
      [NINES, "ADD #n :n", "0.1"],
      ["9e125", "ADD #n :n", "9e125"],
      ["9e125", "SET #n = #n + :n", "9e125"],
      ["-9e125", "SET #n = #n - :n", "9e125"],
      ["1e125", "ADD #n :n", "1"],
      ["1.1e-130", "SET #n = #n - :n", "1e-130"],
    ])
      it(`reject ${expression} of ${stored} and ${operand} without changing the item`, async () => {
        await table.put({ number: { N: stored } });
        const request = {
          ...update(expression, { ":n": { N: operand } }),
          ExpressionAttributeNames: { "#n": "number" },
        };
        const before = await table.get();
        assert.match(
          await table.rejection("UpdateItem", request),
          /overflow|underflow|38 significant digits/,
        );
        assert.deepEqual(await table.get(), before);
      });

    it("accept a sum of 38 digits without trailing zeros, and never return a negative zero", async () => {
      const adding = async (stored: string, operand: string): Promise<string> => {
        await table.put({ sum: { N: stored } });
        const { Attributes } = await table.call(
          "UpdateItem",
          update("ADD #s :n", { ":n": { N: operand } }) && {
            ...update("ADD #s :n", { ":n": { N: operand } }),
            ExpressionAttributeNames: { "#s": "sum" },
          },
        );
        return Attributes.sum.N as string;
      };
      assert.equal(await adding(NINES, "1"), `1${"0".repeat(38)}`);
      assert.equal(await adding("-1", "1"), "0");
      assert.equal(await adding("0.1", "0.2"), "0.3");
    });
  });

  describe("on nesting", () => {
    /** @param levels number of nested lists and maps. */
    const nested = (levels: number): Json =>
      levels === 0
        ? { S: "deep" }
        : levels % 2
          ? { L: [nested(levels - 1)] }
          : { M: { a: nested(levels - 1) } };

    it("accept 32 levels, including the attribute, and reject 33", async () => {
      await table.put({ deep: nested(31) });
      assert.match(
        await table.putRejection({ deep: nested(32) }),
        /Nesting Levels have exceeded supported limits/,
      );
    });

    it("apply to updates that nest a value in another", async () => {
      await table.put({ map: { M: {} } });
      await table.call("UpdateItem", {
        ...update("SET #m.a = :d", { ":d": nested(30) }),
        ExpressionAttributeNames: { "#m": "map" },
      });
      const tooDeep = {
        ...update("SET #m.a = :d", { ":d": nested(31) }),
        ExpressionAttributeNames: { "#m": "map" },
      };
      assert.match(await table.rejection("UpdateItem", tooDeep), /Nesting Levels/);
      const literal = {
        Item: KEY,
        ConditionExpression: "a = :d",
        ExpressionAttributeValues: { ":d": nested(33) },
      };
      assert.match(
        await table.rejection("PutItem", literal),
        /contains invalid value: Nesting Levels.* for key :d$/,
      );
    });
  });
});
