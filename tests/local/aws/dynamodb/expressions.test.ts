import assert from "node:assert/strict";
import type { Json } from "../../../../local/aws/dynamodb/item";
import { KEY, RawTable } from "./raw-table";

describe("Limits of the local DynamoDB", () => {
  let table: RawTable;
  before(async () => {
    table = await RawTable.start();
  });
  after(() => table.close());

  describe("on expressions", () => {
    const conditional = (ConditionExpression: string, rest: Json = {}): Json => {
      return { Item: KEY, ConditionExpression, ...rest };
    };
    const values = { ExpressionAttributeValues: { ":a": { S: "a" } } };

    it("reject more than 4 KB", async () => {
      const long = `attribute_not_exists(${"a".repeat(4096)})`;
      assert.match(await table.rejection("PutItem", conditional(long)), /expression size: 4118$/);
    });

    it("reject more than 300 operators", async () => {
      const all = (count: number): Json => conditional(Array(count).fill("a=:a").join(" OR "), values);
      assert.match(await table.rejection("PutItem", all(151)), /too many operators; operator count: 301$/);
      await table.put({ a: { S: "a" } });
      await table.call("PutItem", all(150));
    });

    it("reject more than 100 operands of IN", async () => {
      const all = (count: number): Json => conditional(`a IN (${Array(count).fill(":a").join(",")})`, values);
      assert.match(await table.rejection("PutItem", all(101)), /number of operands: 101$/);
      await table.put({ a: { S: "a" } });
      await table.call("PutItem", all(100));
    });

    it("reject a placeholder of more than 255 characters, and an attribute name that is empty or too long", async () => {
      const name = `#${"a".repeat(255)}`;
      const ExpressionAttributeNames = { [name]: "a" };
      const request = conditional(`attribute_exists(${name})`, { ExpressionAttributeNames });
      assert.match(await table.rejection("PutItem", request), /size of key: 256$/);
      assert.equal(await table.putRejection({ "": { S: "a" } }), "Empty attribute name");
      assert.equal(await table.putRejection({ map: { M: { "": { S: "a" } } } }), "Empty attribute name");
      assert.match(
        await table.putRejection({ ["x".repeat(65_536)]: { S: "a" } }),
        /Attribute name is too large/,
      );
    });

    it("reject more than 2 MB of names and values for placeholders", async () => {
      await table.put({ a: { S: "a" } });
      const count = 6;
      const numbers = Array.from({ length: count }, (_, index) => index);
      const all = (bytes: number): Json => {
        const names = numbers.map((index) => [`#n${index}`, "é".repeat(1000) + index]);
        const sizeOfNames = count * ("#n0".length + 2001);
        const sizeOfValues = bytes - sizeOfNames - count * ":v0".length;
        const values = numbers.map((index) => {
          const left = index === 0 ? sizeOfValues % count : 0;
          return [`:v${index}`, { S: "x".repeat(Math.floor(sizeOfValues / count) + left) }];
        });
        return conditional(numbers.map((index) => `#n${index}<>:v${index}`).join(" OR "), {
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: Object.fromEntries(values),
        });
      };
      const limit = 2 * 1024 * 1024;
      assert.equal(
        await table.rejection("PutItem", all(limit + 1)),
        "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size",
      );
      await table.call("PutItem", all(limit));
    });

    for (const value of [{ BOOL: true }, { SS: ["a"] }, { M: {} }, { NULL: true }])
      it(`reject an order comparison of values of type ${Object.keys(value)[0]}`, async () => {
        const request = conditional("a < :a", { ExpressionAttributeValues: { ":a": value } });
        assert.match(
          await table.rejection("PutItem", request),
          /Incorrect operand type.*operator or function: <, operand type/,
        );
      });
  });
});
