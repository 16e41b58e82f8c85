import fc from "fast-check";
import { MARKER } from "./value-arbitraries";

const GOOD_LINES = ["GET /tickets?limit=1", "POST /tickets", "GET /health", "PATCH /tickets/1"].map(
  (line) => `${line} HTTP/1.1`,
);
const LINES = [
  ...["GET /health HTTP/1.0", "BREW /tickets HTTP/1.1", "get /tickets HTTP/1.1", "G\0T /tickets HTTP/1.1"],
  ...["GET * HTTP/1.1", "OPTIONS * HTTP/1.1", "GET tickets HTTP/1.1", "GET http://x/tickets HTTP/1.1"],
  ...["GET http://x:y@[::1]:99999/tickets HTTP/1.1", "CONNECT x:1 HTTP/1.1", "GET  HTTP/1.1", "GET /tickets"],
  ...["GET /\0 HTTP/1.1", "GET /%00 HTTP/1.1", "GET /tickets HTTP/9.9", "GET /tickets HTTP/2.0"],
  ...["GET /t\u00efckets HTTP/1.1", "GET /a b HTTP/1.1", "PRI * HTTP/2.0", "\x16\x03\x01\x02\0", ""],
  ...["GET //x/tickets HTTP/1.1", "GET /tickets#x HTTP/1.1", "GET ?status=open HTTP/1.1", "TRACE / HTTP/1.1"],
  ...[" GET /tickets HTTP/1.1", `GET /${"a".repeat(70_000)} HTTP/1.1`, "QUERY /tickets HTTP/1.1"],
];

const HEADERS = [
  ...["Host: y", "Content-Length: 5", "Content-Length: -1", "Content-Length: 5, 6", "Content-Length: 0x5"],
  ...["Content-Length: 15\r\nContent-Length: 2", "Content-Length: 99999999999999999999"],
  ...["Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip, chunked"],
  ...["Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked", "Expect: 100-continue", "Expect: 200-ok"],
  ...["Upgrade: websocket\r\nConnection: Upgrade", "Connection: close", "Connection: Host", "Upgrade: h2c"],
  ...["X: a\nb: c", "X: a\rb", "X : y", ": empty", " folded", "X: \0", "X: \xe9", "no colon"],
  ...['If-Match: "1"\r\nIf-Match: W/"2"', `Cookie: ${MARKER}`, "a: 1\r\n".repeat(300) + "b: 2"],
  ...[`X: ${"x".repeat(20_000)}`, `X: ${"x".repeat(70_000)}`, "Content-Type: text/plain", "Host: x/y?z"],
];

const CHUNKED = "Transfer-Encoding: chunked";
/** Bodies with a correct or incorrect length header. */
const BODIES: readonly (readonly [string, string])[] = [
  ["Content-Length: 15", '{"subject":"x"}'],
  ["Content-Length: 15", '{"subject":"x"}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ["Content-Length: 4", '{"subject":"x"}'],
  ["Content-Length: 400", '{"subject":"x"}'],
  ["Content-Length: 0", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3)],
  [CHUNKED, 'f\r\n{"subject":"x"}\r\n0\r\n\r\n'],
  [CHUNKED, '5;a="b"\r\n{"sub\r\nA\r\nject":"x"}\r\n0\r\nTrailer: x\r\n\r\n'],
  [CHUNKED, "5\r\nhel"],
  [CHUNKED, "FFFFFFFFFFFFFFFFF\r\nx"],
  [CHUNKED, "-1\r\nx\r\n"],
  [CHUNKED, '2;a="\n"\r\n{}\r\n0\r\n\r\n'],
  [CHUNKED, "0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"],
  [`${CHUNKED}\r\nContent-Length: 4`, "0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"],
];

/** Malformed or unusual HTTP requests that HTTP clients do not send. */
export const rawRequests: fc.Arbitrary<Buffer> = fc
  .record({
    line: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...GOOD_LINES) }, fc.constantFrom(...LINES)),
    headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 2 }),
    body: fc.oneof(fc.constant(["", ""] as const), fc.constantFrom(...BODIES)),
    newline: fc.oneof({ weight: 9, arbitrary: fc.constant("\r\n") }, fc.constantFrom("\n", "\r")),
    noise: fc.oneof({ weight: 19, arbitrary: fc.constant("") }, fc.string({ unit: "binary" })),
  })
  .map(({ line, headers, body: [length, text], newline, noise }) => {
    const standing = [
      "Host: localhost",
      "Content-Type: application/json",
      ...(length === "" ? [] : [length]),
    ];
    return Buffer.from(noise + [line, ...standing, ...headers, "", text].join(newline), "latin1");
  });
