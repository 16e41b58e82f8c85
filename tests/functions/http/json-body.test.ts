import assert from "node:assert/strict";
import { jsonBody, MAXIMUM_BODY_BYTES } from "../../../functions/http/json-body";
import { problemOf } from "../../../testing/api-calls";

const JSON_TYPES = [
  "application/json",
  "APPLICATION/JSON",
  "application/json;charset=utf-8",
  'application/json; charset="UTF-8"',
  "application/merge-patch+json",
  "application/json;",
  "application/json ; ",
  "application/json;;charset=utf-8;",
  "application/json; profile=x",
  'application/json; profile="a;charset=utf-16"',
  'application/json;version="1\\"2";charset=utf-8',
  'application/json; charset="\\utf-8"',
  "application/json;\tIEEE754Compatible=true",
];
/** Content types that a browser sends without a preflight request, and those that are not JSON or not UTF-8. */
const OTHERS = [
  undefined,
  "",
  "text/plain",
  "text/plain;charset=UTF-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "text/plain; application/json",
  "application/json, text/plain",
  "application/json; charset=utf-16",
  "application/json; profile=x; charset=iso-8859-1",
  'application/json; Charset="latin1"',
  "application/json; charset=utf-8; charset=utf-16",
  "application/json; charset",
  "application/json; =utf-8",
  'application/json; charset="utf-8',
  "application/json x",
  "json",
];

const read = (body: string | undefined, contentType: string | undefined = "application/json") =>
  jsonBody({ body, headers: { "content-type": contentType }, isBase64Encoded: false });
const readBytes = (bytes: Buffer) =>
  jsonBody({
    body: bytes.toString("base64"),
    headers: { "content-type": "application/json" },
    isBase64Encoded: true,
  });

describe("jsonBody", () => {
  for (const contentType of JSON_TYPES)
    it(`accepts ${contentType}`, () => assert.deepEqual(read("{}", contentType), { body: {}, errors: [] }));

  for (const contentType of OTHERS)
    it(`returns 415 for ${JSON.stringify(contentType)}`, async () => {
      const headers = { "content-type": contentType };
      const refusal = await problemOf(() => jsonBody({ body: "{}", headers, isBase64Encoded: false }));
      assert.equal(refusal.problem.status, 415);
      assert.match(refusal.problem.detail, /content-type: application\/json/);
      assert.equal(refusal.headers.accept, "application/json");
    });

  it("rejects a content type with much white space in linear time", async () => {
    const start = performance.now();
    const refusal = await problemOf(() => read("{}", `application/json${";  ".repeat(18)}@`));
    assert.equal(refusal.problem.status, 415);
    assert.ok(performance.now() - start < 1000, `${performance.now() - start} ms`);
  });

  it("decodes base64, which API Gateway uses for types that are not text", () =>
    assert.deepEqual(readBytes(Buffer.from('{"subject":"Grüße 😀"}')).body, { subject: "Grüße 😀" }));

  it("accepts an empty body", () =>
    assert.deepEqual([read(undefined), read("")], [{ errors: [] }, { errors: [] }]));

  for (const malformed of ["{", "subject=a", "{'subject':'a'}", '{"subject":"a",}', "undefined", "NaN", " "])
    it(`rejects ${JSON.stringify(malformed)}, which is not JSON`, () => {
      const { body, errors } = read(malformed);
      assert.deepEqual([body, errors.map(({ field }) => field)], [undefined, ["body"]]);
      assert.match(errors[0].detail, /^Must be JSON: .*\.$/s);
    });

  it("rejects bytes that are not UTF-8", () => {
    const errors = [{ field: "body", detail: "Must be UTF-8." }];
    for (const bytes of [[0x22, 0xff, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xc3]])
      assert.deepEqual(readBytes(Buffer.from(bytes)), { errors });
  });

  it("rejects a body in which API Gateway replaced invalid bytes with U+FFFD", () => {
    const errors = [{ field: "body", detail: "Must be UTF-8." }];
    for (const bytes of [[0xe9], [0xff, 0xfe], [0xe2, 0x82], [0xed, 0xa0, 0x80]]) {
      const sent = Buffer.concat([Buffer.from('{"subject":"'), Buffer.from(bytes), Buffer.from('"}')]);
      const headers = { "content-type": "application/json", "content-length": String(sent.length) };
      assert.deepEqual(jsonBody({ body: sent.toString(), headers, isBase64Encoded: false }), { errors });
    }
  });

  it("rejects U+FFFD without a content-length that shows that the client sent it", () => {
    const headers = { "content-type": "application/json" };
    assert.deepEqual(jsonBody({ body: '{"subject":"\uFFFD"}', headers, isBase64Encoded: false }), {
      errors: [{ field: "body", detail: "Must be UTF-8." }],
    });
    const escaped = { body: '{"subject":"\\ufffd"}', headers, isBase64Encoded: false };
    assert.deepEqual(jsonBody(escaped), { body: { subject: "\uFFFD" }, errors: [] });
  });

  it("accepts U+FFFD that the client sent", () => {
    const body = '{"subject":"\uFFFD"}';
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
    assert.deepEqual(jsonBody({ body, headers, isBase64Encoded: false }).errors, []);
  });

  for (const encoding of ["gzip", "br", "identity, gzip", "GZIP", "deflate", "unknown"])
    it(`returns 415 for the content encoding ${encoding}`, async () => {
      const headers = { "content-type": "application/json", "content-encoding": encoding };
      const refusal = await problemOf(() => jsonBody({ body: "{}", headers, isBase64Encoded: false }));
      assert.equal(refusal.problem.status, 415);
      assert.match(refusal.problem.detail, /content-encoding/);
    });

  for (const encoding of ["", "identity", "Identity"])
    it(`accepts the content encoding ${JSON.stringify(encoding)}`, () => {
      const headers = { "content-type": "application/json", "content-encoding": encoding };
      assert.deepEqual(jsonBody({ body: "{}", headers, isBase64Encoded: false }), { body: {}, errors: [] });
    });

  it("quotes no text of the body in an error", () => {
    for (const malformed of [
      '{"secret":}',
      "secret",
      '{"secret',
      '{"a":"secret"',
      "[secret]",
      '{"a" "secret"}',
    ])
      assert.doesNotMatch(JSON.stringify(read(malformed).errors), /secret/, malformed);
  });

  it("accepts the maximum number of bytes and returns 413 for one more", async () => {
    const euros = `"${"€".repeat((MAXIMUM_BODY_BYTES - 4) / 3)}"`;
    assert.deepEqual(read(`${euros}  `).errors, []);
    for (const action of [
      () => read(`${euros}   `),
      () => readBytes(Buffer.from("7".padEnd(MAXIMUM_BODY_BYTES + 1))),
    ]) {
      const { problem } = await problemOf(action);
      assert.equal(problem.status, 413);
      assert.match(problem.detail, /^The body has 65537 bytes\. At most 65536 are allowed\.$/);
    }
  });
});
