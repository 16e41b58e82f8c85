import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import { localClientConfig } from "../../local/aws/local-client";
import { LocalCloud } from "../../local/cloud";
import type { CloudHost } from "../../local/cloud-host";
import { findAccount } from "../../local/engine-command/attach";
import { deployWithEngine } from "../../local/engine-command/deploy-with-engine";
import { openAccount, type EngineAccount } from "../../local/engine-command/engine-account";
import { readEngineCommandLine } from "../../local/engine-command/options";
import { runAttached } from "../../local/engine-command/run-attached";
import { expectCode, runHere, type CommandResult } from "../operations/support/run-command";
import { describeWithEngine } from "./support/engine-cloud";
import { assertNoMetadataFiles } from "./support/state-files";

const REGION = "eu-west-1";

/** Number of queues. Each is deleted after the one before it, so that a destroy has many steps. */
const QUEUES = 30;

/** Protected table, bucket, and trail whose bucket an earlier version of the program did not retain. */
async function program(): Promise<Record<string, unknown>> {
  const provider = new aws.Provider("ireland", { region: REGION });
  const table = new aws.dynamodb.Table(
    "tickets",
    {
      attributes: [{ name: "id", type: "S" }],
      ...{ hashKey: "id", billingMode: "PAY_PER_REQUEST", deletionProtectionEnabled: true },
    },
    { provider, protect: true },
  );
  const zone = new aws.route53.Zone(
    "zone",
    { name: "tickets.test", enableAcceleratedRecovery: true },
    { provider, protect: true, retainOnDelete: true },
  );
  new aws.route53.Record(
    "proof",
    { zoneId: zone.zoneId, name: "_proof.tickets.test", type: "CNAME", ttl: 300, records: ["_proof.test"] },
    { provider, retainOnDelete: true },
  );
  const failures = new aws.s3.Bucket("failures", {}, { provider });
  const records = new aws.s3.Bucket("records", {}, { provider });
  const policy = new aws.s3.BucketPolicy(
    "records",
    { bucket: records.bucket, policy: records.arn.apply(deliveryPolicy) },
    { provider },
  );
  new aws.cloudtrail.Trail("trail", { s3BucketName: records.bucket }, { provider, dependsOn: policy });
  const queues: aws.sqs.Queue[] = [];
  for (let index = 0; index < QUEUES; index++)
    queues.push(new aws.sqs.Queue(`queue-${index}`, {}, { provider, dependsOn: queues.slice(-1) }));
  const region = {
    ...{ api: queues[0].url, table: table.name, conflictTable: table.name, quarantineQueue: queues[0].url },
    failureBucket: failures.bucket,
  };
  return { primary: "ireland", regions: { ireland: region, singapore: region } };
}

function deliveryPolicy(arn: string): string {
  const allow = (Action: string, Resource: string): object => ({
    ...{ Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action, Resource },
  });
  const Statement = [allow("s3:GetBucketAcl", arn), allow("s3:PutObject", `${arn}/*`)];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const open = (account: EngineAccount): ReturnType<typeof openAccount> => openAccount(account, program);

describeWithEngine("npm run teardown", () => {
  let cloud: LocalCloud;
  let account: EngineAccount;
  let dynamodb: DynamoDBClient;
  let s3: S3Client;
  let route53: CloudHost["services"]["route53"];
  /** Names in AWS. */
  let names: { table: string; failures: string; records: string };

  before(async () => {
    const options = {
      ...readEngineCommandLine(["up", "--no-domain", "--port", "0"])!.cloud,
      domain: undefined,
    };
    const listener = { log: () => undefined, progress: () => undefined };
    const deploy = deployWithEngine({}, open);
    cloud = await LocalCloud.start(options, listener, undefined, (host, stop) => {
      ({ route53 } = host.services);
      return deploy(host, stop);
    });
    const { ireland } = cloud.addresses.regions;
    dynamodb = new DynamoDBClient(localClientConfig({ region: REGION, endpoint: ireland.dynamodb }));
    s3 = new S3Client({
      ...localClientConfig({ region: REGION, endpoint: ireland.s3 }),
      forcePathStyle: true,
    });
    account = (await findAccount(attached("up")))!;
  });
  after(async () => {
    dynamodb?.destroy();
    s3?.destroy();
    await cloud?.close();
  });
  beforeEach(async () => {
    await runAttached(attached("up"), account, {}, open);
    const { table, failureBucket } = cloud.addresses.regions.ireland;
    const records = (await buckets()).find((name) => name.startsWith("records-") && !kept.includes(name));
    names = { table, failures: failureBucket, records: records! };
    await dynamodb.send(new PutItemCommand({ TableName: table, Item: { id: { S: "1" } } }));
    for (const Bucket of [names.failures, names.records])
      for (const Key of ["one", "two & three"])
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));
  });

  /** Buckets that teardowns of earlier tests kept. */
  const kept: string[] = [];

  function attached(command: string): NonNullable<ReturnType<typeof readEngineCommandLine>> {
    const { port } = new URL(cloud.addresses.console);
    return readEngineCommandLine([command, "--no-domain", "--port", port])!;
  }

  const teardown = (args: readonly string[] = ["--yes"], stopAfter?: RegExp): Promise<CommandResult> =>
    runHere(["teardown", `--local=${cloud.addresses.console}`, ...args], stopAfter);

  async function tables(): Promise<readonly string[]> {
    return (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
  }

  async function buckets(): Promise<string[]> {
    return ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name!);
  }

  /** Expects that nothing is left but the bucket with its records, and that the output says so. */
  async function expectRemoved({ out }: CommandResult): Promise<void> {
    const { records } = names;
    kept.push(records);
    assert.deepEqual(await tables(), []);
    assert.deepEqual((await buckets()).sort(), [...kept].sort());
    assert.deepEqual(route53.zones(), []);
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: records }));
    assert.equal(KeyCount, 2);
    assertNoMetadataFiles(account.backend);
    assert.match(out, /^The stack ireland has no resources any more\.$/m);
    const endpoint = cloud.addresses.regions.ireland.s3;
    const command = `aws s3 rb s3://${records} --force --region ${REGION} --endpoint-url ${endpoint}`;
    assert.ok(
      out.includes(
        `Kept: the bucket ${records} in ${REGION}, with the records of the audit trail. To delete it: ${command}\n`,
      ),
      out,
    );
    const again = await teardown();
    expectCode(again, 0);
    assert.match(
      again.out,
      /^The stack ireland has no resources\. To delete the empty stack: pulumi stack rm ireland\n$/,
    );
  }

  it("deletes a protected table and full buckets, but not the bucket of the trail", async () => {
    const result = await teardown();
    expectCode(result, 0);
    const { table, failures, records } = names;
    assert.ok(result.out.includes(`Deletes the tables with all items: ${table} (${REGION}).`), result.out);
    assert.ok(result.out.includes(`Turned off the deletion protection of the table ${table}.`), result.out);
    assert.ok(result.out.includes(`Deleted 2 objects and versions of the bucket ${failures}.`), result.out);
    assert.ok(
      result.out.includes(`Keeps the bucket of the audit trail: ${records} (${REGION}).`),
      result.out,
    );
    // The preview comes first.
    assert.match(result.out, /Previewing destroy[^]*Destroying/);
    await expectRemoved(result);
    const { problem } = (await (await fetch(`${cloud.addresses.console}/state`)).json()) as {
      problem: { title: string };
    };
    assert.equal(problem.title, "The stack has no resources.");
  });

  it("changes nothing in a dry run, or without confirmation", async () => {
    const dryRun = await teardown(["--dry-run"]);
    expectCode(dryRun, 0);
    assert.match(dryRun.out, /^Dry run: nothing was changed\.\n$/m);
    const unconfirmed = await teardown([]);
    expectCode(unconfirmed, 2);
    assert.match(unconfirmed.errors, /^There is no terminal to confirm at; use --yes/);
    assert.deepEqual(await tables(), [names.table]);
    assert.ok((await buckets()).includes(names.failures));
    // Protected, and with the same resources.
    await assert.rejects(runAttached(attached("destroy"), account, {}, open), /because it is protected/);
  });

  for (const [when, output] of Object.entries({
    "while it turns off the protection": /Turned off the deletion protection/,
    "while it empties the buckets": /Deleted 2 objects/,
    "during the preview": /Previewing destroy/,
    "while it deletes resources": /aws:sqs:Queue queue-2\d deleted/,
  }))
    it(`completes in a second run what was stopped ${when}`, async () => {
      const stopped = await teardown(["--yes"], output);
      expectCode(stopped, 2);
      assert.match(
        stopped.errors,
        /^The teardown is not complete, .* To continue: the same command\.\nStopped\.\n$/,
      );
      assert.doesNotMatch(stopped.out, /has no resources any more/);
      const second = await teardown();
      expectCode(second, 0);
      await expectRemoved(second);
    });

  it("says how to release the lock of a run that was killed", async () => {
    const folder = join(account.backend, ".pulumi", "locks", "organization", "tickets", "ireland");
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, "killed.json");
    const holder = { pid: 1, username: "operator", hostname: "laptop", timestamp: "2026-01-01T00:00:00Z" };
    writeFileSync(lock, JSON.stringify(holder));
    const locked = await teardown();
    expectCode(locked, 2);
    assert.match(
      locked.errors,
      /Another run of Pulumi has locked the stack ireland, or one was killed\..* pulumi cancel --stack ireland,/,
    );
    rmSync(lock);
    const result = await teardown();
    expectCode(result, 0);
    await expectRemoved(result);
  });
});
