import assert from "node:assert/strict";
import { addressesOf, addressTable, type RegionOutputs } from "../../local/addresses";
import type { ConsoleServer } from "../../local/console/server";
import { Regions } from "../../local/aws/regions";
import type { Services } from "../../local/services";

const RECORDS = [
  { type: "NS", name: "tickets.test." },
  { type: "A", name: "singapore.tickets.test." },
  { type: "A", name: "app.tickets.test." },
  { type: "A", name: "api.tickets.test." },
  { type: "AAAA", name: "api.tickets.test." },
];

function outputsOf(name: string, port: number): RegionOutputs {
  return {
    api: `http://127.0.0.1:${port}`,
    table: `${name}-tickets`,
    conflictTable: `${name}-conflicts`,
    quarantineQueue: `http://127.0.0.1:9/${name}-quarantine`,
    failureBucket: `${name}-failures`,
    uiBucket: `${name}-page`,
  };
}

function endpointsOf(code: string): Record<string, string> {
  return { code, dynamodb: `http://dynamodb.${code}`, sqs: `http://sqs.${code}`, s3: `http://s3.${code}` };
}

const OWN_NAME = "d111111abcdef8.cloudfront.net";

/** @param appUrl null with public websites. */
function addresses(
  domain: string | undefined,
  appUrl: string | null = `https://${domain ? `app.${domain}` : OWN_NAME}`,
): ReturnType<typeof addressesOf> {
  const website = (port: number): object => (appUrl === null ? { ui: `http://127.0.0.1:${port + 1}` } : {});
  const regionOutputs = (name: string, port: number): RegionOutputs => ({
    ...outputsOf(name, port),
    ...website(port),
  });
  return addressesOf({
    options: { stack: "ireland", domain, dynamodbEndpoint: undefined, data: undefined, port: 4700, speed: 1 },
    regions: new Regions([
      { name: "ireland", code: "eu-west-1" },
      { name: "singapore", code: "ap-southeast-1" },
    ]),
    services: {
      dynamodb: { endpoint: (code: string) => `http://dynamodb.${code}` },
      sqs: { endpoint: (code: string) => `http://sqs.${code}` },
      s3: { endpoint: (code: string) => `http://s3.${code}` },
      route53: { dnsAddress: "127.0.0.1:4701", zones: () => [{ records: RECORDS }] },
      apiGateway: { httpsPort: 4702 },
    } as unknown as Services,
    regionOutputs: { ireland: regionOutputs("ireland", 1), singapore: regionOutputs("singapore", 3) },
    server: {
      url: "http://localhost:4700",
      gatewayUrl: (name: string) => `http://${name}.localhost:4700`,
    } as ConsoleServer,
    appUrl: appUrl ?? undefined,
    failback: domain === undefined ? undefined : "gated",
    caFile: domain === undefined ? undefined : "/tmp/ca.pem",
  });
}

describe("addressesOf", () => {
  it("returns the addresses of each region, DNS and its names, the local gateway and the console", () => {
    assert.deepEqual(addresses("tickets.test"), {
      stack: "ireland",
      domain: "tickets.test",
      failback: "gated",
      regions: {
        ireland: { name: "ireland", ...endpointsOf("eu-west-1"), ...outputsOf("ireland", 1) },
        singapore: { name: "singapore", ...endpointsOf("ap-southeast-1"), ...outputsOf("singapore", 3) },
      },
      dns: "127.0.0.1:4701",
      names: {
        "api.tickets.test": "https://api.tickets.test:4702",
        "app.tickets.test": "https://app.tickets.test:4702",
        "singapore.tickets.test": "https://singapore.tickets.test:4702",
      },
      frontDoor: {
        "api.tickets.test": "http://api.localhost:4700",
        "app.tickets.test": "http://app.localhost:4700",
      },
      caFile: "/tmp/ca.pem",
      console: "http://localhost:4700",
    });
  });

  it("returns no DNS and no names without a domain, and a local gateway for the web UI only", () => {
    const { dns, names, frontDoor, caFile, domain } = addresses(undefined);
    assert.deepEqual(
      { dns, names, frontDoor, caFile, domain },
      {
        dns: null,
        names: {},
        frontDoor: { [OWN_NAME]: "http://app.localhost:4700" },
        caFile: null,
        domain: null,
      },
    );
  });
});

describe("addressTable", () => {
  it("lists the console first, then the local gateway, the regions and DNS", () => {
    assert.deepEqual(addressTable(addresses("tickets.test")).split("\n"), [
      "",
      "  console             http://localhost:4700",
      "  api.tickets.test    http://api.localhost:4700",
      "  app.tickets.test    http://app.localhost:4700",
      "  ireland API         http://127.0.0.1:1/tickets",
      "  ireland DynamoDB    http://dynamodb.eu-west-1, table ireland-tickets",
      "  singapore API       http://127.0.0.1:3/tickets",
      "  singapore DynamoDB  http://dynamodb.ap-southeast-1, table singapore-tickets",
      "  DNS                 127.0.0.1:4701, resolves api.tickets.test, app.tickets.test, singapore.tickets.test",
      "  HTTPS               port 4702 of each name",
      "  CA certificate      /tmp/ca.pem",
      "",
      "Press Ctrl-C to stop.",
      "",
    ]);
  });

  it("lists the web UI of both regions without a domain", () => {
    assert.match(
      addressTable(addresses(undefined)),
      /^ {2}d111111abcdef8\.cloudfront\.net {2}http:\/\/app\.localhost:4700$/m,
    );
  });

  it("lists each region's web UI with public websites", () => {
    const labels = addressTable(addresses(undefined, null)).match(/^ {2}\S.*?(?= {2})/gm);
    assert.deepEqual(
      labels?.map((label) => label.trim()),
      [
        "console",
        "ireland web UI",
        "ireland API",
        "ireland DynamoDB",
        "singapore web UI",
        "singapore API",
        "singapore DynamoDB",
      ],
    );
  });
});
