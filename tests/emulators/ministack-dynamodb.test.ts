import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { RunningCloud } from "../../testing/running-cloud";
import { testExternalDynamoDB } from "../local/aws/dynamodb/external-dynamodb";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { describeWithMiniStack } from "./ministack";

describeWithMiniStack("DynamoDB of MiniStack with --dynamodb-endpoint", (miniStack) => {
  afterEach(() => miniStack().reset());

  testExternalDynamoDB(() => miniStack().url);

  it("carries a local cloud: tickets replicate in both directions, and a conflict is kept in both regions", async () => {
    const cloud = await RunningCloud.start("--no-domain", "--dynamodb-endpoint", miniStack().url);
    try {
      const { ireland, singapore } = cloud.addresses.regions;
      const [first, second] = [new RegionClient(ireland.api), new RegionClient(singapore.api)];
      const disputed = await first.create("Edited in both regions");
      await waitFor(() => second.find(disputed.id), { what: "Ireland's ticket in Singapore" });
      const { id } = await second.create("From Singapore");
      await waitFor(() => first.find(id), { what: "Singapore's ticket in Ireland" });

      await cloud.setRegion("ireland", "isolated");
      const losing = await first.edit(disputed.id, { subject: "Ireland's subject" });
      const winner = await second.edit(disputed.id, { subject: "Singapore's subject" });
      await cloud.setRegion("ireland", "up");
      await waitFor(async () => (await first.find(disputed.id))?.version === winner.version, {
        what: "Singapore's edit in Ireland",
      });
      for (const region of [first, second]) {
        const [conflict, ...others] = await waitFor(
          async () => {
            const conflicts = await region.conflicts(disputed.id);
            return conflicts.length > 0 && conflicts;
          },
          { what: "the conflict in both regions" },
        );
        assert.deepEqual([conflict.losing, others], [losing, []]);
      }
      await waitFor(async () => isDeepStrictEqual(await first.list(), await second.list()), {
        what: "equal tickets in both regions",
      });
    } catch (error) {
      console.log(cloud.log().slice(-3000));
      throw error;
    } finally {
      assert.equal(await cloud.stop(), 0);
    }
  });
});
