import assert from "node:assert/strict";
import type { Deployment } from "../../../operations/cli/deployment";
import type { DeployedRegion } from "../../../operations/cli/deployed-regions";
import { smokeChecks, type SmokeSources } from "../../../operations/smoke/smoke-checks";

const IRELAND = region("ireland", "eu-west-1");
const SINGAPORE = region("singapore", "ap-southeast-1");
const APP = "https://app.tickets.test";
const INDEX = `<link rel="stylesheet" href="./assets/a.css"><script type="module" src="./assets/a.js"></script>`;

function region(name: string, code: string): DeployedRegion {
  return {
    ...{ name, code, api: `http://127.0.0.1:9/${name}`, uiBucket: `${name}-page` },
    ...{ table: "t", conflictTable: "c", quarantineQueue: "q", failureBucket: "f" },
  };
}

function configOf({ name, code }: DeployedRegion): string {
  const apis = [IRELAND, SINGAPORE].map((one) => ({ code: one.code, url: one.api }));
  return JSON.stringify({ region: { name, code }, apis });
}

/** Files of one copy of the web UI, by key. */
type Files = Record<string, string>;

describe("The smoke test of a deployment", () => {
  let copies: Record<string, Files>;
  let served: Files;
  let failover: { status: number; text: string };

  beforeEach(() => {
    const files = (of: DeployedRegion): Files => ({
      ...{ "index.html": INDEX, "assets/a.css": "body {}", "assets/a.js": "start();" },
      "config.json": configOf(of),
    });
    copies = { ireland: files(IRELAND), singapore: files(SINGAPORE) };
    served = files(IRELAND);
    failover = { status: 200, text: JSON.stringify({ ok: true, region: SINGAPORE.code, checkedAt: "x" }) };
  });

  function sources(naming: Deployment["naming"]): SmokeSources {
    return {
      deployment: { stack: "ireland", regions: [IRELAND, SINGAPORE], naming },
      lookup: { addresses: async () => ["192.0.2.1"] },
      async get(url) {
        if (url.startsWith("https://api.")) return { type: "application/json", ...failover };
        const key = url.slice(APP.length + 1) || "index.html";
        const text = served[key];
        return text === undefined
          ? { status: 404, type: "text/html", text: "" }
          : { status: 200, type: "", text };
      },
      async object({ name }, key) {
        const text = copies[name][key];
        if (text === undefined) throw new Error("NoSuchKey");
        return text;
      },
    };
  }

  /** Returns the results of everything but the regions' APIs, which do not exist here. */
  async function problems(naming: Deployment["naming"] = { appUrl: APP }): Promise<string[]> {
    const findings = await smokeChecks(sources(naming));
    const others = findings.filter(({ status, text }) => status !== "ok" && !text.startsWith("The API of "));
    return others.map(({ status, text }) => `${status}: ${text}`);
  }

  it("finds nothing in complete copies", async () => {
    assert.deepEqual(await problems({ appUrl: APP, domain: "tickets.test" }), []);
  });

  it("reports an API that does not respond, with its region and address", async () => {
    const [first] = await smokeChecks(sources({ appUrl: APP }));
    assert.equal(first.status, "wrong");
    assert.match(first.text, /^The API of ireland \(eu-west-1\), http:\/\/127\.0\.0\.1:9\/ireland\/health: /);
  });

  it("reports a failover URL that no region serves", async () => {
    failover = { status: 503, text: "{}" };
    assert.deepEqual(await problems({ appUrl: APP, domain: "tickets.test" }), [
      "wrong: The failover URL, https://api.tickets.test/health: it returned 503.",
    ]);
  });

  it("reports an asset that only the bucket of one region lacks, although the web UI serves it", async () => {
    delete copies.singapore["assets/a.js"];
    assert.deepEqual(await problems(), [
      "wrong: The copy of the web UI in singapore, bucket singapore-page: assets/a.js cannot be read (NoSuchKey).",
    ]);
  });

  it("reports an asset that the web UI does not serve", async () => {
    delete served["assets/a.css"];
    assert.deepEqual(await problems(), [
      `wrong: The web UI at ${APP}: assets/a.css cannot be read (it returned 404).`,
    ]);
  });

  it("reports a copy with the configuration of the other region, or with another API", async () => {
    copies.ireland["config.json"] = configOf(SINGAPORE);
    copies.singapore["config.json"] = configOf(SINGAPORE).replace("/ireland", "/before");
    assert.deepEqual(await problems(), [
      "wrong: The copy of the web UI in ireland, bucket ireland-page: config.json is for the region ap-southeast-1, not eu-west-1.",
      `wrong: The copy of the web UI in singapore, bucket singapore-page: config.json names http://127.0.0.1:9/before as the API of ireland, not ${IRELAND.api}.`,
    ]);
  });

  it("reports a configuration that is not JSON, and an empty file", async () => {
    copies.ireland["config.json"] = "<html>";
    copies.singapore["assets/a.css"] = "";
    assert.deepEqual(await problems(), [
      "wrong: The copy of the web UI in ireland, bucket ireland-page: config.json is not a JSON object.",
      "wrong: The copy of the web UI in singapore, bucket singapore-page: assets/a.css is empty.",
    ]);
  });

  it("warns when a release has reached only one region", async () => {
    copies.singapore["index.html"] = `${INDEX}<!-- before -->`;
    assert.deepEqual(await problems(), [
      "warning: The index.html of ireland and of singapore differ: a release has reached only one region.",
    ]);
  });

  it("reports a page without a script, such as an error page", async () => {
    served["index.html"] = "<h1>Welcome</h1>";
    assert.deepEqual(await problems(), [
      `wrong: The web UI at ${APP}: index.html names no script, so it is not the web UI.`,
    ]);
  });
});
