import assert from "node:assert/strict";
import { canHaveTags } from "../../../local/pulumi/default-tags";
import { resourceNameOf } from "../../../local/pulumi/engine/engine-run";
import { LIST_INDEXES_TAG } from "../../../regional/list-index-order";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { regionClients, writeTickets } from "../support/region-tickets";
import { assertChanges, ofType, updatedInputs } from "../support/transition";

const TABLES = ["ireland-conflicts", "ireland-tickets", "singapore-conflicts", "singapore-tickets"].map(
  (name) => `aws:dynamodb/table:Table ${name}`,
);
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const KMS_KEYS = {
  ireland: "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-0000-0000-000000000001",
  singapore: "arn:aws:kms:ap-southeast-1:000000000000:key/00000000-0000-0000-0000-000000000002",
};
const TAGS = { team: "support", "cost-center": "12" };
/** Settings that an organization prescribes, by full key. */
export const ACCOUNT_SETTINGS = {
  "tickets:kmsKeys": JSON.stringify(KMS_KEYS),
  "tickets:defaultTags": JSON.stringify(TAGS),
};
/** Queues and buckets that store tickets. */
const ENCRYPTED = ["ireland-to-singapore", "singapore-to-ireland"].flatMap((name) => [
  `aws:sqs/queue:Queue ${name}-quarantine`,
  `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration ${name}-failures`,
]);

/** Rows of settings that an organization prescribes: keys and tags. They end as they begin. */
export function accountRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  const change = (key: string, value: string | undefined): ReturnType<StackUnderTest["up"]> =>
    stack().up({ config: { [`tickets:${key}`]: value } });

  describe("kmsKeys", () => {
    it("changes the key of every table, queue and failure bucket in place, and the roles that use them", async () => {
      const run = await change("kmsKeys", ACCOUNT_SETTINGS["tickets:kmsKeys"]);
      const policies = ofType(ROLE_POLICY, run.updated);
      assert.ok(policies.length > 20, `${policies.length}`);
      assertChanges(run, { updated: [...TABLES, ...ENCRYPTED, ...policies] });
      assert.deepEqual(updatedInputs(run), [
        "kmsMasterKeyId",
        "policy",
        "rules",
        "serverSideEncryption",
        "sqsManagedSseEnabled",
      ]);
      assertChanges(await stack().refresh(), {});
    });

    // Tables change before the roles, so calls in between are denied; see docs/deploy.md.
    it("lets every function use the keys afterwards: a ticket of each region arrives in the other one", async () => {
      const before = cloud().log().length;
      const { regions } = (await stack().outputs()) as { regions: Record<string, { api: string }> };
      await writeTickets(await regionClients(stack()), "encrypted with a KMS key");
      for (const { api } of Object.values(regions))
        for (const path of ["/health", "/routing", "/tickets", "/conflicts"])
          assert.equal((await fetch(`${api}${path}`)).status, 200, path);
      assert.doesNotMatch(cloud().log().slice(before), /not authorized to perform: kms:/);
    });

    it("changes them back to keys that AWS owns", async () => {
      const run = await change("kmsKeys", undefined);
      assertChanges(run, { updated: [...TABLES, ...ENCRYPTED, ...ofType(ROLE_POLICY, run.updated)] });
      assertChanges(await stack().refresh(), {});
    });
  });

  describe("defaultTags", () => {
    it("tags every resource that can have tags in place, besides the tags of the program", async () => {
      const { resources = [] } = await stack().state();
      const { resourceHandlers } = cloud().host.services;
      const taggable = resources.filter(
        ({ type }) => type in resourceHandlers && canHaveTags(resourceHandlers[type]),
      );
      const run = await change("defaultTags", ACCOUNT_SETTINGS["tickets:defaultTags"]);
      assertChanges(run, {
        updated: [
          ...taggable.map(({ urn }) => resourceNameOf(urn)),
          ...resources
            .filter(({ type }) => type === "pulumi:providers:aws")
            .map(({ urn }) => resourceNameOf(urn)),
        ],
      });
      assert.deepEqual(updatedInputs(run), ["defaultTags", "tagsAll"]);
      const { resources: after = [] } = await stack().state();
      const expected = {
        ...TAGS,
        ...{ "pulumi:project": "tickets", "pulumi:stack": "ireland" },
      };
      for (const { urn, outputs } of after.filter(({ outputs: all }) => all?.tagsAll !== undefined)) {
        // A name is that of one resource, and only ticket tables have the other tag.
        const { Name, [LIST_INDEXES_TAG]: listIndexes, ...tags } = outputs?.tagsAll as Record<string, string>;
        assert.deepEqual(tags, expected, `${urn} ${Name} ${listIndexes}`);
      }
      assertChanges(await stack().refresh(), {});
    });

    it("removes them when they are removed", async () => {
      const run = await change("defaultTags", undefined);
      assert.deepEqual(updatedInputs(run), ["defaultTags", "tagsAll"]);
      assert.deepEqual([run.created, run.replaced, run.deleted], [[], [], []]);
    });
  });
}
