import assert from "node:assert/strict";
import { DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Image } from "../../functions/shared/image";
import type { LocalRegion } from "../support/local-region";
import { runHere } from "../operations/support/run-command";
import type { RunningCloud } from "../../testing/running-cloud";
import { malformedItem } from "../support/malformed-item";
import { useLocalCloud } from "../support/use-local-cloud";
import { idOf, IRELAND } from "../../testing/tickets";
import { waitFor } from "../support/wait-for";

const KILOBYTE = 1024;

/** Attributes of items that can never be applied, each difficult to encode in a queue message. */
const HOSTILE: readonly Image[] = [
  { subject: { S: "broken 😀" } },
  { subject: { S: "\u0000\u0001\u000B\uFFFE\uFFFF\u{1FFFE}\u{10FFFF}" } },
  { "\u0000 \uFFFF 😀": { S: "in the name" } },
  { photo: { B: Buffer.from([0, 1, 254, 255]) }, photos: { BS: [Buffer.from([0xff, 0xfe])] } },
  { description: { S: "\u0001".repeat(390 * KILOBYTE) } },
  { description: { S: "😀".repeat(95 * KILOBYTE) } },
  { description: { B: Buffer.alloc(390 * KILOBYTE, 255) } },
  { list: { L: Array.from({ length: 100_000 }, () => ({ NULL: true })) } },
];

describe("records that can never be applied", function () {
  let cloud: RunningCloud;
  let ireland: LocalRegion;
  let singapore: LocalRegion;

  useLocalCloud(["--no-domain"], (running) => ({ cloud, ireland, singapore } = running));

  async function expectReplication(subject: string): Promise<void> {
    const { id } = await ireland.api.create(subject);
    await waitFor(() => singapore.api.find(id), {
      what: `the ticket ${subject} in Singapore`,
      withinMs: 60_000,
    });
  }

  it("are quarantined whatever they contain, while later tickets replicate", async () => {
    // An id that is not a ticket's, with a character above U+FFFF.
    await ireland.put({ ...hostileItem({ subject: { S: "broken 😀" } }), id: { S: "p" } });
    for (const [index, attributes] of HOSTILE.entries())
      await ireland.put({ ...hostileItem(attributes), id: { S: idOf(index + 1) } });
    await expectReplication("Written after them");
    // A batch is quarantined after its other records are applied.
    await waitFor(async () => (await ireland.messages()) >= HOSTILE.length, {
      what: "every record in quarantine",
    });
    assert.equal(await ireland.failures(), 0);
  });

  it("are reported by redrive whatever they contain", async () => {
    const { out, code } = await runHere(["redrive", "--dry-run", `--local=${cloud.addresses.console}`]);
    assert.equal(code, 1, out);
    for (const [index] of HOSTILE.entries())
      assert.match(out, new RegExp(`${idOf(index + 1)}: The item has no valid version`));
    assert.doesNotMatch(out, /holds no quarantined record/);
  });

  it("are stored in the failure bucket after the queue was deleted, while later tickets replicate", async () => {
    const { code: region, sqs: endpoint, quarantineQueue: QueueUrl } = cloud.addresses.regions.ireland;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new SQSClient({ region, endpoint, credentials });
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    client.destroy();
    await ireland.put({ ...hostileItem(HOSTILE[1]), id: { S: idOf(100) } });
    await expectReplication("Written after the queue was gone");
    await waitFor(async () => (await ireland.failures()) === 1, { what: "the record in the failure bucket" });
  });
});

function hostileItem(attributes: Image): Image {
  return { ...malformedItem(idOf(1), IRELAND), ...attributes };
}
