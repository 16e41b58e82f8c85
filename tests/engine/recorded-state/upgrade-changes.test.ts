import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { DIGEST_FILE } from "../../../ui/sources";
import { readRelease, type StateResource } from "./recorded-state";
import { allChanges, functionsWithOtherCode, lostResources, uiChanges } from "./upgrade-changes";

const FUNCTION = "aws:lambda/function:Function";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

describe("the comparison of an upgrade", () => {
  const { stacks } = readRelease();

  for (const type of [
    "aws:dynamodb/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:route53/zone:Zone",
    "aws:apigatewayv2/api:Api",
    "aws:cloudfront/distribution:Distribution",
  ]) {
    it(`reports a replaced or deleted ${type}`, () => {
      const { urn } = stacks.flatMap(({ resources }) => resources).find((one) => one.type === type)!;
      const name = `${type} ${urn.split("::").slice(3).join("::")}`;
      assert.deepEqual(lostResources({ replaced: [name], deleted: [] }), [name]);
      assert.deepEqual(lostResources({ replaced: [], deleted: [name] }), [name]);
    });
  }

  it("reports no replaced function or deleted file", () => {
    const lost = lostResources({ replaced: [`${FUNCTION} api-get`], deleted: [`${OBJECT} page/index.html`] });
    assert.deepEqual(lost, []);
  });

  it("names the functions whose archive differs", () => {
    const [{ resources }] = stacks;
    const changed = resources.find(({ type }) => type === FUNCTION)!;
    const code = { ...(changed.inputs?.code as object), hash: "another" };
    const after = resources
      .filter((one) => one.type !== FUNCTION || one !== resources.findLast(({ type }) => type === FUNCTION))
      .map((one) => (one === changed ? { ...one, inputs: { ...one.inputs, code } } : one));
    assert.deepEqual(functionsWithOtherCode(resources, resources), []);
    assert.deepEqual(functionsWithOtherCode(resources, after), [`${FUNCTION} ${changed.urn.split("::")[3]}`]);
  });

  it("unites changes without duplicates", () => {
    const united = allChanges({ updated: ["b", "a"] }, { updated: ["a"], created: ["c"] });
    assert.deepEqual(united, { created: ["c"], updated: ["a", "b"], replaced: [], deleted: [] });
  });
});

describe("the changes of the web UI in an upgrade", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "upgrade-ui-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "new");
    writeFileSync(join(folder, "assets", "index-2.js"), "code");
    writeFileSync(join(folder, "icon.svg"), "icon");
    // Is not uploaded.
    writeFileSync(join(folder, DIGEST_FILE), "digest");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are the new, changed and removed files of every bucket", () => {
    const hashOfIcon = "c2d4b446a44ce54fab8e01150e24dd24f3d850c7c14dcfe31f6321341dd86874";
    const recorded = [
      object("ireland-page/index.html", "0"),
      object("ireland-page/assets/index-1.js", "0"),
      object("ireland-page/icon.svg", hashOfIcon),
    ];
    const changes = uiChanges(recorded, folder, ["ireland"]);
    assert.deepEqual(changes, {
      created: [`${OBJECT} ireland-page/assets/index-2.js`],
      updated: [`${OBJECT} ireland-page/index.html`],
      deleted: [`${OBJECT} ireland-page/assets/index-1.js`],
    });
  });
});

/** Object of a bucket, as far as it is compared. */
function object(name: string, hash: string): StateResource {
  const source = { [runtime.specialSigKey]: runtime.specialAssetSig, hash };
  return { urn: `urn:pulumi:ireland::tickets::${OBJECT}::${name}`, type: OBJECT, inputs: { source } };
}
