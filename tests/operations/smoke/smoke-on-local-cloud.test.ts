import assert from "node:assert/strict";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { localClientConfig } from "../../../local/aws/local-client";
import type { RunningCloud } from "../../../testing/running-cloud";
import type { LocalRegion } from "../../support/local-region";
import { useLocalCloud } from "../../support/use-local-cloud";
import { expectCode, runHere, type CommandResult } from "../support/run-command";

for (const [title, options] of [
  ["without a domain", ["--no-domain"]],
  ["with a domain", []],
] as const)
  describe(`smoke on a running local cloud ${title}`, function () {
    this.timeout(120_000);

    let cloud: RunningCloud;
    let ireland: LocalRegion;

    useLocalCloud([...options], (running) => ({ cloud, ireland } = running));

    const smoke = (): Promise<CommandResult> => runHere(["smoke", `--local=${cloud.addresses.console}`]);
    const lines = ({ out }: CommandResult, label: string): string[] =>
      out.split("\n").filter((line) => line.startsWith(label));

    it("passes while both regions are up", async () => {
      const result = await smoke();
      expectCode(result, 0);
      assert.match(
        result.out,
        new RegExp(`^All ${title === "with a domain" ? 6 : 5} checks passed\\.$`, "m"),
      );
      assert.match(
        result.out,
        /^OK {7}The copy of the web UI in singapore, bucket singapore-page-\w+: \d+ files/m,
      );
    });

    it("names the region and the file that is missing from its bucket, and finds the web UI in order", async () => {
      const { uiBucket: Bucket, code: region, s3: endpoint } = ireland.at;
      const s3 = new S3Client({ ...localClientConfig({ region, endpoint }), forcePathStyle: true });
      const file = { Bucket, Key: "config.json" };
      const { Body, ContentType } = await s3.send(new GetObjectCommand(file));
      const text = await Body?.transformToString();
      await s3.send(new DeleteObjectCommand(file));
      const result = await smoke();
      await s3.send(new PutObjectCommand({ ...file, Body: text, ContentType, CacheControl: "no-cache" }));
      s3.destroy();
      expectCode(result, 1);
      const [wrong, ...others] = lines(result, "WRONG");
      assert.match(
        wrong,
        /The copy of the web UI in ireland, bucket ireland-page-\w+: config\.json cannot be read \(/,
      );
      assert.deepEqual(others, []);
      assert.match(result.out, /^OK {7}The web UI at http:\/\/app\.localhost:/m);
      expectCode(await smoke(), 0);
    });

    it("names the region that is down, in time", async () => {
      await cloud.setRegion("ireland", "down");
      const result = await smoke();
      await cloud.setRegion("ireland", "up");
      expectCode(result, 1);
      const wrong = lines(result, "WRONG").join("\n");
      assert.match(wrong, /^WRONG {4}The API of ireland \(eu-west-1\), /m);
      assert.match(wrong, /^WRONG {4}The copy of the web UI in ireland, .*: index\.html cannot be read \(/m);
      assert.doesNotMatch(wrong, /API of singapore|web UI in singapore/);
    });
  });
