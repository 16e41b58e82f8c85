import assert from "node:assert/strict";
import { HELP, readCommandLine } from "../../local/options";

describe("readCommandLine of npm start", () => {
  it("defaults to stack ireland, the domain, port 4700, real time and state in memory", () => {
    assert.deepEqual(readCommandLine([]), {
      stack: "ireland",
      domain: "tickets.test",
      dynamodbEndpoint: undefined,
      data: undefined,
      port: 4700,
      speed: 1,
      shards: 2,
      ttlDelaySeconds: 172_800,
      coldStartMs: 0,
      roundTripMs: 0,
      indexDelayMs: 200,
      queueCountSeconds: 60,
      concurrency: 1000,
      mappingDelaySeconds: 90,
      iamLog: undefined,
      bareErrors: false,
      watch: false,
      inspect: false,
      json: false,
      help: false,
      types: true,
    });
  });

  it("parses every option", () => {
    const args = ["--stack", "singapore", "--no-domain", "--dynamodb-endpoint", "http://127.0.0.1:8000"];
    args.push("--data", "here", "--port=0", "--speed", "2.5", "--watch", "--inspect", "--json", "--shards=4");
    args.push("--no-types", "--help", "--ttl-delay", "0", "--cold-start=800", "--round-trip", "180");
    args.push("--queue-count-lag=5");
    args.push("--concurrency=10", "--mapping-delay=30");
    args.push("--index-delay=300");
    args.push("--bare-errors", "--iam-log", "decisions.jsonl");
    assert.deepEqual(readCommandLine(args), {
      stack: "singapore",
      domain: undefined,
      dynamodbEndpoint: "http://127.0.0.1:8000",
      data: "here",
      port: 0,
      speed: 2.5,
      shards: 4,
      ttlDelaySeconds: 0,
      coldStartMs: 800,
      roundTripMs: 180,
      indexDelayMs: 300,
      queueCountSeconds: 5,
      concurrency: 10,
      mappingDelaySeconds: 30,
      iamLog: "decisions.jsonl",
      bareErrors: true,
      watch: true,
      inspect: true,
      json: true,
      help: true,
      types: false,
    });
  });

  it("accepts a qualified stack name, as the Pulumi CLI does", () => {
    for (const name of ["singapore", "acme/singapore", "acme/tickets/singapore"])
      assert.equal(readCommandLine(["--stack", name]).stack, "singapore");
    for (const name of ["../../etc/passwd", "", "acme/shop/singapore"])
      assert.throws(() => readCommandLine(["--stack", name]), /acme\/tickets\/singapore|Use ireland, /);
  });

  const rejected: readonly [args: string[], message: string][] = [
    [["--color"], "Unknown option '--color'. See npm start -- --help."],
    [["ireland"], "Unexpected argument 'ireland'. See npm start -- --help."],
    [["--json=yes"], "Option '--json' does not take an argument. See npm start -- --help."],
    [["--port"], "--port needs a value. See npm start -- --help."],
    [["--port", "1", "--port=2"], "--port is given twice. See npm start -- --help."],
    [["--json", "--json"], "--json is given twice. See npm start -- --help."],
    [
      ["--data", "--json"],
      "--data needs a value; one that begins with a hyphen is given as --data=VALUE. See npm start -- --help.",
    ],
    [["--port", "-1"], '--port is "-1", but must be a whole number from 0 to 65000.'],
    [["--speed", "-.5"], '--speed is "-.5", but must be a number from 1 to 100.'],
    [["--dynamodb-endpoint"], "--dynamodb-endpoint needs a value. See npm start -- --help."],
    [["--port=-1"], '--port is "-1", but must be a whole number from 0 to 65000.'],
    [["--port", "65001"], '--port is "65001", but must be a whole number from 0 to 65000.'],
    [["--port", "80.5"], '--port is "80.5", but must be a whole number from 0 to 65000.'],
    [["--port", ""], '--port is "", but must be a whole number from 0 to 65000.'],
    [["--port", "http"], '--port is "http", but must be a whole number from 0 to 65000.'],
    [["--concurrency", "9"], '--concurrency is "9", but must be a whole number from 10 to 1000.'],
    [["--shards", "0"], '--shards is "0", but must be a whole number from 1 to 16.'],
    [["--round-trip", "1.5"], '--round-trip is "1.5", but must be a whole number from 0 to 10000.'],
    [["--speed", "0.5"], '--speed is "0.5", but must be a number from 1 to 100.'],
    [["--speed", "101"], '--speed is "101", but must be a number from 1 to 100.'],
    [["--speed", "fast"], '--speed is "fast", but must be a number from 1 to 100.'],
    [["--speed", "Infinity"], '--speed is "Infinity", but must be a number from 1 to 100.'],
    [["--ttl-delay", "-1"], '--ttl-delay is "-1", but must be a number from 0 to 2592000.'],
    [["--queue-count-lag", "-1"], '--queue-count-lag is "-1", but must be a number from 0 to 3600.'],
    [["--iam-log="], "--iam-log is empty, but must be a file, which is created or emptied."],
    [["--data", " "], "--data is empty, but must be a folder, which is created if it does not exist."],
    ...["localhost:8000", "ftp://127.0.0.1", "/tmp", ""].map((url): [string[], string] => [
      ["--dynamodb-endpoint", url],
      `--dynamodb-endpoint is ${JSON.stringify(url)}, but must be a URL such as http://127.0.0.1:8000.`,
    ]),
  ];
  for (const [args, message] of rejected)
    it(`rejects ${JSON.stringify(args.join(" "))} in one line`, () => {
      assert.throws(() => readCommandLine(args), { message });
    });

  it("documents every option in --help", () => {
    for (const name of [
      "stack",
      "no-domain",
      "dynamodb-endpoint",
      "data",
      "port",
      "speed",
      "shards",
      "ttl-delay",
      "queue-count-lag",
      "concurrency",
      "mapping-delay",
      "index-delay",
      "json",
      "no-types",
      "help",
    ])
      assert.match(HELP, new RegExp(`^  --${name}\\b`, "m"));
  });
});
