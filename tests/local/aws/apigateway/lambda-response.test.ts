import assert from "node:assert/strict";
import { parseLambdaResponse } from "../../../../local/aws/apigateway/lambda-response";

describe("parseLambdaResponse", () => {
  it("returns the payload as the response when it has a status code", () => {
    const answer = parseLambdaResponse({
      statusCode: 201,
      headers: { "Content-Type": "text/html", "X-Count": 3, Connection: "close", "content-length": "999" },
      cookies: ["a=1", "b=2; Secure"],
      body: "<p>",
    });
    assert.equal(answer.status, 201);
    assert.deepEqual(answer.headers, { "content-type": "text/html", "x-count": "3" });
    assert.deepEqual(answer.cookies, ["a=1", "b=2; Secure"]);
    assert.equal(answer.body.toString(), "<p>");
  });

  it("sets the content type to plain text when the payload has a status code and no content type", () => {
    assert.equal(
      parseLambdaResponse({ statusCode: 200 }).headers["content-type"],
      "text/plain;charset=UTF-8",
    );
  });

  it("decodes a base64-encoded body", () => {
    const bytes = Buffer.from([0, 255, 128]);
    const answer = parseLambdaResponse({
      statusCode: 200,
      body: bytes.toString("base64"),
      isBase64Encoded: true,
    });
    assert.deepEqual(answer.body, bytes);
  });

  const inferred: [payload: unknown, body: string][] = [
    [{ tickets: [] }, '{"tickets":[]}'],
    ["hello", "hello"],
    [["a"], '["a"]'],
    [null, "null"],
    [undefined, "null"],
    [7, "7"],
  ];
  for (const [payload, body] of inferred)
    it(`returns 200 with the body ${body} for ${JSON.stringify(payload)}`, () => {
      const answer = parseLambdaResponse(payload);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-type"], "application/json");
      assert.equal(answer.body.toString(), body);
    });

  const wrong: [field: RegExp, payload: object][] = [
    [/statusCode/, { statusCode: "ok" }],
    [/statusCode/, { statusCode: 99 }],
    [/statusCode/, { statusCode: 200.5 }],
    [/"body"/, { statusCode: 200, body: { a: 1 } }],
    [/"headers"/, { statusCode: 200, headers: "none" }],
    [/headers\.a/, { statusCode: 200, headers: { a: ["b"] } }],
    [/Invalid character|header/i, { statusCode: 200, headers: { a: "line\nbreak" } }],
    [/header/i, { statusCode: 200, headers: { "no name": "b" } }],
    [/cookies/, { statusCode: 200, cookies: "a=1" }],
    [/cookies/, { statusCode: 200, cookies: [1] }],
  ];
  for (const [field, payload] of wrong)
    it(`throws for ${JSON.stringify(payload)}`, () => {
      assert.throws(() => parseLambdaResponse(payload), field);
    });
});
