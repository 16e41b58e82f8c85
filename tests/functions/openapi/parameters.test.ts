import assert from "node:assert/strict";
import { rawQueryOf } from "../../../testing/api-calls";
import { idOf } from "../../../testing/tickets";
import { checked, errorsOf } from "./checked-request";

describe("query of a request", () => {
  it("has defaults", () => assert.deepEqual(checked("listTickets").query, { limit: 25 }));

  it("is converted to the types of openapi.json and otherwise unchanged", () => {
    const query = { status: "open", assignee: "", limit: "100", cursor: "tickets.007" };
    assert.deepEqual(checked("listTickets", { rawQueryString: rawQueryOf(query) }).query, {
      ...query,
      limit: 100,
    });
  });

  for (const [name, values, detail] of [
    [
      "limit",
      ["0", "101", "-1", "1.5", "1e1", "", " 7", "ten", "0x10", "+5", "9".repeat(400)],
      /^Must be an integer from 1 to 100\.$/,
    ],
    [
      "status",
      ["", "Open", "all", "open,closed", "__proto__"],
      /^Must be one of "open", "assigned", "closed"\.$/,
    ],
    ["cursor", [""], /^Must not be empty\.$/],
    ["cursor", ["007", "tickets.", "tickets.a b"], /^Must be the unchanged cursor of an earlier response;/],
    ["cursor", ["x".repeat(1001)], /^Must have at most 1000 characters\. It has 1001\.$/],
    ["assignee", ["x".repeat(101)], /^Must have at most 100 characters\. It has 101\.$/],
    ["page", ["2"], /^Unknown parameter\. The parameters are status, assignee, limit, cursor\.$/],
    ["__proto__", ["1"], /^Unknown parameter/],
  ] as const)
    for (const value of values)
      it(`is rejected with ${name}=${JSON.stringify(value).slice(0, 20)}`, async () => {
        const rawQueryString = new URLSearchParams([[name, value]]).toString();
        const [error, ...others] = await errorsOf("listTickets", { rawQueryString });
        assert.deepEqual([error.field, others], [name, []]);
        assert.match(error.detail, detail);
      });

  it("is rejected with a repeated parameter, whose values API Gateway would join", async () => {
    const errors = await errorsOf("listTickets", {
      rawQueryString: "assignee=Ada&limit=1&assignee=Bob",
      queryStringParameters: { assignee: "Ada,Bob", limit: "1" },
    });
    assert.deepEqual(errors, [{ field: "assignee", detail: "Must not be repeated." }]);
  });

  for (const [rawQueryString, assignee] of [
    ["assignee=Mary+Jones", "Mary Jones"],
    ["assignee=Mary%20Jones", "Mary Jones"],
    ["assignee=C%2B%2B", "C++"],
    ["assignee=", ""],
    ["assignee", ""],
    ["&assignee=a=b&", "a=b"],
    ["assignee=Gr%C3%BC%C3%9Fe", "Grüße"],
  ] as const)
    it(`is decoded from ${rawQueryString} without the field queryStringParameters of the event`, () => {
      for (const event of [{ rawQueryString }, { rawQueryString, queryStringParameters: { assignee: "?" } }])
        assert.equal(checked("listTickets", event).query.assignee, assignee);
    });

  for (const value of ["%", "%4", "%zz", "100%", "%ff", "%ED%A0%80", "%C3"])
    it(`is rejected with the malformed percent-encoding ${value}`, async () => {
      const detail = "Must be percent-encoded UTF-8.";
      assert.deepEqual(await errorsOf("listTickets", { rawQueryString: `limit=1&assignee=${value}` }), [
        { field: "assignee", detail },
      ]);
      assert.deepEqual(await errorsOf("listTickets", { rawQueryString: `${value}=1` }), [
        { field: value, detail },
      ]);
    });

  it("is rejected for an operation without parameters", async () => {
    for (const operationId of ["getTicket", "checkHealth", "describeApi"] as const) {
      const errors = await errorsOf(operationId, { rawQueryString: "verbose" });
      assert.deepEqual(errors, [{ field: "verbose", detail: "Unknown parameter. There are no parameters." }]);
    }
  });
});

describe("headers of a request", () => {
  const withHeader = (name: string, value: string): { headers: Record<string, string> } => ({
    headers: { "content-type": "application/json", "user-agent": "tests", [name]: value },
  });

  it("contains the headers of openapi.json and no others", () => {
    assert.deepEqual(checked("getTicket", withHeader("if-none-match", "*")).headers, {
      "if-none-match": "*",
    });
    assert.deepEqual(checked("listTickets", withHeader("if-none-match", "*")).headers, {});
  });

  for (const etags of ["*", '"a"', 'W/"a"', '"a", "b" ,W/"c"', ' "" ', '"a,b"'])
    it(`accepts if-match: ${etags}`, () => {
      const event = { pathParameters: { id: idOf(1) }, ...withHeader("if-match", etags) };
      assert.equal(checked("deleteTicket", event).headers["if-match"], etags);
    });
  for (const [etags, detail] of [
    ["", /^Must be quoted ETags/],
    ["a", /^Must be quoted ETags/],
    ['"a', /^Must be quoted ETags/],
    ['"a" "b"', /^Must be quoted ETags/],
    ['*, "a"', /^Must be quoted ETags/],
    ['w/"a"', /^Must be quoted ETags/],
    [`"${"x".repeat(2000)}"`, /^Must have at most 2000 characters\. It has 2002\.$/],
  ] as const)
    it(`rejects if-match: ${etags.slice(0, 20)}`, async () => {
      const errors = await errorsOf("deleteTicket", withHeader("if-match", etags));
      assert.equal(errors[0].field, "if-match");
      assert.match(errors[0].detail, detail);
    });

  const withKey = (key: string): { headers: Record<string, string>; body: string } => ({
    ...withHeader("idempotency-key", key),
    body: '{"subject":"a"}',
  });
  for (const key of ["k", "~".repeat(255), idOf(1)])
    it(`accepts idempotency-key: ${key.slice(0, 30)}`, () =>
      assert.equal(checked("createTicket", withKey(key)).headers["idempotency-key"], key));
  for (const [key, detail] of [
    ["", /^Must not be empty\.$/],
    ["a b", /^Must be 1 to 255 printable ASCII characters without spaces\.$/],
    ["ключ", /^Must be 1 to 255 printable ASCII characters without spaces\.$/],
    ["x".repeat(256), /^Must have at most 255 characters\. It has 256\.$/],
  ] as const)
    it(`rejects idempotency-key: ${JSON.stringify(key).slice(0, 20)}`, async () => {
      const [{ field, detail: actual }] = await errorsOf("createTicket", withKey(key));
      assert.equal(field, "idempotency-key");
      assert.match(actual, detail);
    });
});
