import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020";
import { DOCUMENT_TEXT, documentedOperations, SCHEMAS } from "../../../functions/openapi/document";
import { AllRequestRules, REQUEST_RULES_TEXT } from "../../../functions/openapi/request-rules";
import { errorDetails } from "../../../functions/openapi/error-details";

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const document = JSON.parse(DOCUMENT_TEXT);
const operations = documentedOperations();

function resolved<T extends { readonly $ref?: string }>(value: T): T {
  if (!value.$ref) return value;
  const names = value.$ref.replace("#/", "").split("/");
  return names.reduce((part, name) => part?.[name], document) as T;
}

describe("openapi.json", () => {
  it("has the target of every reference", () => {
    for (const [, reference] of DOCUMENT_TEXT.matchAll(/"\$ref":"([^"]+)"/g))
      assert.notEqual(resolved({ $ref: reference }), undefined, reference);
  });

  it("has valid schemas without unknown keywords", () => {
    const ajv = new Ajv2020({ strict: true, formats: { "date-time": true } });
    const text = JSON.stringify(SCHEMAS).replaceAll('"#/components/schemas/', '"');
    ajv.addSchema(Object.entries(JSON.parse(text)).map(([$id, schema]) => ({ $id, ...(schema as object) })));
    for (const name of Object.keys(SCHEMAS)) assert.ok(ajv.getSchema(name), name);
  });

  it("has unique operation ids and lower-case header names", () => {
    const ids = operations.map(({ operationId }) => operationId);
    assert.ok(ids.every(Boolean));
    assert.equal(new Set(ids).size, ids.length);
    const headers = operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === "header"));
    assert.notEqual(headers.length, 0);
    for (const { name } of headers) assert.equal(name, name.toLowerCase());
  });

  it("declares every parameter of a path", () => {
    for (const { path, parameters, operationId } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const required = parameters.filter((one) => one.in === "path" && one.required).map(({ name }) => name);
      assert.deepEqual(required, inPath, operationId);
    }
  });

  it("has for every GET a HEAD with the same parameters and response headers, and no body", () => {
    const gets = operations.filter(({ method }) => method === "GET");
    assert.notEqual(gets.length, 0);
    const heads = operations.filter(({ method }) => method === "HEAD");
    assert.deepEqual(
      heads.map(({ path }) => path),
      gets.map(({ path }) => path),
    );
    for (const [index, { path, parameters }] of gets.entries()) {
      assert.deepEqual(heads[index].parameters, parameters);
      const { get, head } = document.paths[path];
      const headersOf = ([status, response]: [string, Response]): unknown[] => [
        status,
        resolved(response).headers,
      ];
      assert.deepEqual(
        Object.entries<Response>(head.responses).map(headersOf),
        Object.entries<Response>(get.responses).map(headersOf),
      );
      for (const response of Object.values<object>(head.responses)) assert.ok(!("content" in response));
    }
  });

  it("has the region and the request id in every response, and a 400 for every operation", () => {
    for (const { path, method, operationId } of operations) {
      const { responses } = document.paths[path][method.toLowerCase()];
      assert.ok("400" in responses, operationId);
      for (const [status, response] of Object.entries(responses as Record<string, Response>))
        for (const name of ["x-served-by", "x-request-id"])
          assert.ok(name in (resolved(response).headers ?? {}), `${operationId} ${status} has no ${name}.`);
    }
  });

  /** Paths of the parts that the check itself creates, which are always objects. */
  const parts = /^#(\/properties\/(path|query|header))?\/type$/;
  for (const [operationId, rules] of Object.entries(JSON.parse(REQUEST_RULES_TEXT) as AllRequestRules))
    it(`has an error detail for every rule of ${operationId}`, () => {
      const sentences = Object.entries(rules.errorDetails).filter(([place]) => !parts.test(place));
      assert.notEqual(sentences.length, 0);
      for (const [place, sentence] of sentences) {
        assert.match(sentence, /^[A-Z][^]*\.$/, place);
        assert.doesNotMatch(sentence, /undefined|NaN|(with|of|are) ?\.|\[object/, place);
      }
    });
});

describe("errorDetails", () => {
  it("returns one sentence per keyword by its path", () => {
    const name = { type: "string", minLength: 3, description: "A name.", default: "Ada" };
    assert.deepEqual(errorDetails({ type: "object", required: ["name"], properties: { name } }), {
      "#/type": "Must be a JSON object with name.",
      "#/required": "Is required.",
      "#/properties/name/type": "Must be a name.",
      "#/properties/name/minLength": "Must have at least 3 characters. It has {length}.",
    });
  });

  it("throws an error with the path for a keyword without a sentence", () => {
    for (const keyword of ["format", "items", "constructor"])
      assert.throws(
        () => errorDetails({ type: "object", properties: { at: { description: "A time.", [keyword]: {} } } }),
        new RegExp(`^Error: #/properties/at .* keyword ${keyword}, which has no error detail`),
      );
  });

  it("requires a description for keywords that do not state the allowed values", () => {
    assert.throws(() => errorDetails({ pattern: "^a$" }), /# of openapi\.json needs a description/);
    assert.throws(() => errorDetails({ type: "integer", minimum: 1 }), /needs a description/);
  });
});
