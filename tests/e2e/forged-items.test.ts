import assert from "node:assert/strict";
import { heartbeatIds, routingId, sentinelId, reservedIds } from "../../functions/shared/reserved-items";
import { formatVersion } from "../../functions/replication/version";
import type { Image } from "../../functions/shared/image";
import { lookupFor } from "../../operations/routing/dns";
import type { LocalRegion } from "../support/local-region";
import { type CommandResult, expectCode, runHere } from "../operations/support/run-command";
import { toImage } from "../../testing/attribute-values";
import type { RunningCloud } from "../../testing/running-cloud";
import { useLocalCloud } from "../support/use-local-cloud";
import { IRELAND, SINGAPORE } from "../../testing/tickets";
import { waitFor } from "../support/wait-for";

const TEXTS = ["nonsense", "\u001b[2J\u0000\u202e\u2028", "😀".repeat(4000), "__proto__"];
const NUMBERS = ["-1", "0.5", "9007199254740992", "1E+125", "12345678901234567890123456789012345678"];
/** Every attribute that a reserved item can have. */
const NAMES = [
  ...[
    "takeover",
    "revision",
    "events",
    "by",
    "at",
    "reason",
    "runner",
    "primary",
    "probedAt",
    "healthySince",
  ],
  ...["failingSince", "failures", "failedAt", "wellRevision", "startedAt", "renewedAt", "checkedAt"],
  ...["version", "origin", "seen", "deleted", "expiresAt"],
];

/** Values that are written to every attribute of a reserved item in turn. */
const VALUES: Readonly<Record<string, Image[string]>> = {
  ...Object.fromEntries(TEXTS.map((S) => [`a text of ${S.length} characters`, { S }])),
  ...Object.fromEntries(NUMBERS.map((N) => [`the number ${N}`, { N }])),
  true: { BOOL: true },
  null: { NULL: true },
  bytes: { B: Buffer.from([0, 254, 255]) },
  "a set of numbers": { NS: ["1", "2.5"] },
  "a set of texts": { SS: ["\u0007", "b"] },
  "a set of bytes": { BS: [Buffer.from([255])] },
  "an empty list": { L: [] },
  "a list of everything": { L: [{ S: "x" }, { N: "1" }, { M: {} }, { NULL: true }, { L: [] }] },
  "a map": { M: { ["__proto__"]: { S: "x" }, what: { S: "takeover" } } },
  "many levels": nested(30),
};

/** Returns an attribute value with the given number of nested lists. */
function nested(levels: number): Image[string] {
  return levels === 0 ? { S: "deep" } : { L: [nested(levels - 1)] };
}

describe("forged reserved items", function () {
  this.timeout(240_000);

  let cloud: RunningCloud;
  let ireland: LocalRegion;
  let singapore: LocalRegion;

  useLocalCloud(["--speed", "20"], (running) => ({ cloud, ireland, singapore } = running));

  const run = async (...args: readonly string[]): Promise<CommandResult> => {
    const result = await runHere([...args, `--local=${cloud.addresses.console}`]);
    const output = `${args.join(" ")}:\n${result.out}\n${result.errors}`;
    assert.doesNotMatch(output, /\n\s+at |TypeError|RangeError|undefined|NaN/);
    assert.doesNotMatch(output.replaceAll("\n", ""), /[\p{Cc}\u202e\u2028]/u);
    return result;
  };
  const serving = (): Promise<string | undefined> =>
    lookupFor({ dnsServer: cloud.addresses.dns as string }).text("serving.tickets.test");

  /** Writes an item under every reserved key of both regions to both tables. */
  const forgeAll = async (attributes: Image): Promise<void> => {
    for (const region of [ireland, singapore])
      for (const code of [ireland.at.code, singapore.at.code])
        for (const id of reservedIds(code)) await region.put({ ...attributes, id: { S: id } });
  };
  /** An item with a takeover, which must not move clients, and events that commands cannot parse. */
  const forged = toImage({
    id: routingId(SINGAPORE),
    takeover: true,
    revision: "x",
    events: "nonsense",
    origin: IRELAND,
    version: formatVersion({ milliseconds: Date.now(), counter: 0, region: IRELAND }),
  }) as Image;

  it("do not replicate", async () => {
    await ireland.put(forged);
    const { id } = await ireland.api.create("Written after it");
    await waitFor(() => singapore.api.find(id), { what: "the later ticket in Singapore" });
    assert.equal(await singapore.item(routingId(SINGAPORE)), undefined);
    expectCode(await run("failback"), 0);
    assert.equal(await serving(), "ireland");
  });

  it("are reported with their content and replaced by a forced failback", async () => {
    await singapore.put(forged);
    const status = await run("status");
    expectCode(status, 1);
    assert.match(status.out, /Whether singapore has taken over is unknown: .*nonsense/);
    expectCode(await run("failback"), 2);
    const failback = await run("failback", "--force", "It was forged");
    expectCode(failback, 0);
    assert.match(failback.out, /routing-ap-southeast-1 is malformed: .*nonsense/);
    assert.deepEqual((await singapore.item(routingId(SINGAPORE)))?.takeover, { BOOL: false });
    assert.doesNotMatch((await run("status")).out, /Whether singapore has taken over/);
    assert.equal(await serving(), "ireland");
  });

  for (const [what, value] of Object.entries(VALUES))
    it(`break no command and move no client if every attribute is ${what}`, async () => {
      await forgeAll(Object.fromEntries(NAMES.map((name) => [name, value])));
      const status = await run("status");
      expectCode(status, 1);
      assert.match(status.out, /Whether singapore has taken over is unknown: .* Its content is \{"/);
      expectCode(await run("status", "--json"), 1);
      const watching = await runHere(
        ["status", "--watch", `--local=${cloud.addresses.console}`],
        /is unknown/,
      );
      assert.doesNotMatch(watching.errors, /\n\s+at /);
      expectCode(await run("failback"), 2);
      expectCode(await run("failback", "--dry-run", "--force", "It was forged"), 0);
      expectCode(await run("takeover", "--dry-run", "--reason", "It was forged"), 0);
      await run("reconcile", "--dry-run");
      assert.equal(await serving(), "ireland");
    });

  it("are replaced by their own writers, and none remains in quarantine", async () => {
    const ids = [ireland, singapore].flatMap(({ at }) => [...heartbeatIds(at.code), sentinelId(at.code)]);
    for (const region of [ireland, singapore])
      for (const id of ids)
        if (id !== sentinelId(region === ireland ? singapore.at.code : ireland.at.code))
          await waitFor(async () => (await region.item(id))?.checkedAt === undefined, {
            what: `${id} to be replaced`,
          });
    expectCode(await run("redrive"), 0);
  });

  it("do not prevent a takeover and a failback", async () => {
    expectCode(await run("takeover", "--reason", "The region is down", "--yes"), 0);
    await waitFor(async () => (await serving()) === "singapore", { what: "the clients in Singapore" });
    expectCode(await run("failback", "--force", "It was a test"), 0);
    await waitFor(async () => (await serving()) === "ireland", { what: "the clients in Ireland" });
  });
});
