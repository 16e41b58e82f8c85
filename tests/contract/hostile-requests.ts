import fc from "fast-check";
import type { HttpRequest } from "./http-client";
import { MARKER } from "./value-arbitraries";

const ID = "01JD9Z3N8Q4T6V8X0Y2A4C6E8G";

/** Methods that Node's HTTP parser accepts. `sendBytes` sends others. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "SEARCH", "LINK"];

const SEGMENTS = [
  ...["tickets", "conflicts", "health", "openapi.json", ID, "", ".", "..", "%2e%2e", "%2F", "tickets%2F1"],
  ...[
    "%00",
    "%ff",
    "%",
    "%zz",
    "%c0%af",
    "%ed%a0%80",
    "%F0%9F%98%80",
    "%0d%0aset-cookie:%20a=b",
    "{id}",
    "*",
  ],
  ...["__proto__", "constructor", "a".repeat(3000), `${ID}/conflicts`, ID.toLowerCase(), "$default", ";a=b"],
];

const QUERIES = [
  ...[
    "",
    "?",
    "?&&&===",
    "?limit=1&limit=2",
    "?limit[]=1",
    "?%00=1",
    "?status=open%ff",
    "?status=%",
    "?limit=+5",
  ],
  ...[
    "?__proto__=1",
    "?limit=1%0d%0a",
    "?assignee=%ed%a0%80",
    "?assignee=%F0%9F%98%80",
    "?a=".repeat(900),
    "?#x",
  ],
  ...["?cursor=e30", "?cursor=bnVsbA", "?cursor=%2e", `?${"a=1&".repeat(900)}`, "?limit=00000000001"],
  ...forgedCursors().map((cursor) => `?cursor=${cursor}`),
];

const CONTENT_TYPES = [
  ...["application/json", "application/json", "application/json;charset=utf-8", "application/problem+json"],
  ...[
    "APPLICATION/JSON",
    "text/plain",
    "application/json;charset=utf-16",
    "application/x-www-form-urlencoded",
  ],
  ...[
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "",
    "json",
    "application/json, text/plain",
  ],
];

const HEADERS: readonly (readonly [string, string])[] = [
  ["if-match", '"1", W/"2" ,"3"'],
  ["if-match", `"${MARKER}"`],
  ["if-match", '"'.repeat(1999)],
  ["if-match", `${'"a", '.repeat(500)}*`],
  ["if-none-match", " ".repeat(1500) + "x"],
  ["if-none-match", "*"],
  ["idempotency-key", MARKER],
  ["idempotency-key", "é"],
  ["idempotency-key", "x".repeat(256)],
  ["expect", "100-continue"],
  ["content-encoding", "gzip"],
  ["accept", "text/html"],
  ["accept-encoding", "br;q=9, *"],
  ["origin", "null"],
  ["access-control-request-method", "BREW"],
  ["host", "evil.example:99999"],
  ["host", ""],
  ["x-http-method-override", "DELETE"],
  ["x-forwarded-for", `${MARKER}, 1.2.3.4`],
  ["x-amzn-trace-id", "x"],
  ["x-request-id", MARKER],
  ["authorization", `Bearer ${MARKER}`],
  ["cookie", `${MARKER}=1; ; =; a`],
  ["range", "bytes=0-0,-1"],
  ["x-long", "x".repeat(9000)],
];

const FIELD_VALUES = [
  ...[
    '"x"',
    '""',
    "null",
    "[]",
    "{}",
    "1e400",
    "-0",
    "true",
    '"\\ud800"',
    '"\\u0000"',
    '"\\uFFFF"',
    '"\u2028"',
  ],
  ...[
    `"${MARKER}"`,
    '"__proto__"',
    '{"$gt":""}',
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
    `"${"x".repeat(9000)}"`,
  ],
  ...[
    '"open"',
    '"high"',
    '"closed"',
    '"999999999999999-000000-eu-west-1"',
    `"001763904000000-000000-eu-west-1${"0".repeat(40_000)}"`,
  ],
];
const FIELDS = [
  ...["subject", "subject", "description", "customer", "assignee", "priority", "status", "resolvedConflict"],
  ...["__proto__", "constructor", "id", "version", "origin", "seen", "deleted", "listSortKey", MARKER],
];

/** Requests that only a hostile client sends. The expected status of each is unknown, but none must cause a 5xx. */
export function hostileRequests(ids: readonly string[]): fc.Arbitrary<HttpRequest> {
  const about = fc.constantFrom(...ids).map((id) => `/tickets/${id}`);
  const anywhere = fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 4 }).map((all) => `/${all.join("/")}`);
  const target = fc.oneof(
    { weight: 3, arbitrary: fc.constant(["POST", "/tickets"]) },
    { weight: 3, arbitrary: about.map((path) => ["PATCH", path]) },
    { weight: 2, arbitrary: fc.constantFrom("/tickets", "/conflicts").map((path) => ["GET", path]) },
    { weight: 2, arbitrary: about.map((path) => ["GET", path]) },
    { weight: 1, arbitrary: about.map((path) => ["DELETE", path]) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...METHODS), fc.oneof(anywhere, about)) },
    { weight: 1, arbitrary: anywhere.map((path) => ["GET", path]) },
  );
  const query = fc.oneof(fc.constant(""), fc.constantFrom(...QUERIES));
  return fc
    .record({
      target,
      query,
      headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 3 }),
      contentType: fc.oneof(fc.constant("application/json"), fc.constantFrom(...CONTENT_TYPES)),
      body: fc.option(bodies(), { nil: undefined }),
    })
    .map(({ target: [method, path], query, headers, contentType, body }) => ({
      method,
      path: path + query,
      body,
      headers: { ...Object.fromEntries(headers), ...(contentType !== "" && { "content-type": contentType }) },
    }));
}

function bodies(): fc.Arbitrary<Buffer> {
  const pair = fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...FIELD_VALUES));
  const objects = fc
    .array(pair, { maxLength: 5 })
    .map((pairs) => `{${pairs.map(([name, value]) => `"${name}":${value}`).join(",")}}`);
  const texts = fc.oneof(
    { weight: 6, arbitrary: objects },
    { weight: 1, arbitrary: fc.json() },
    {
      weight: 1,
      arbitrary: fc.constantFrom("", " ", "\0", "{", "\ufeff{}", '{"subject":"x"}//', "NaN", "{'a':1}"),
    },
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(bytesInSubject(0xff), bytesInSubject(0xed, 0xa0, 0x80), bytesInSubject(0xc0, 0xaf)),
  );
  return fc.oneof(
    { weight: 4, arbitrary: texts.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: bytes.map((array) => Buffer.from(array)) },
    { weight: 1, arbitrary: texts.map((text) => Buffer.from(text, "utf16le")) },
  );
}

/** Returns the JSON of a ticket whose subject is not UTF-8. */
function bytesInSubject(...bytes: number[]): Uint8Array {
  return Buffer.concat([Buffer.from('{"subject":"a'), Buffer.from(bytes), Buffer.from('"}')]);
}

/** Returns cursors that no response contained. */
function forgedCursors(): string[] {
  const losingVersion = "001763904000000-000000-eu-west-1";
  const positions = [
    ...[{}, null, [], { listSortKey: MARKER }, { listSortKey: { S: "x" } }, { __proto__: [] }],
    ...[`2026-01-01T00:00:00.000Z#${ID}`, `9999-99-99T99:99:99.999Z#${ID}`].map((listSortKey) => ({
      listSortKey,
    })),
    ...[{ id: ID, losingVersion }, { id: ID, losingVersion: losingVersion + "1".repeat(600) }, { id: ID }],
  ];
  return positions.map((after) => Buffer.from(JSON.stringify({ after })).toString("base64url"));
}
