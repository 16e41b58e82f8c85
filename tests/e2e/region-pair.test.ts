import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Ticket } from "../../functions/tickets/ticket";
import type { ProjectCopy } from "../../testing/project-copy";
import type { RunningCloud } from "../../testing/running-cloud";
import { runHere } from "../operations/support/run-command";
import { RegionClient } from "../support/region-client";
import { useCloudOfCopy } from "../support/use-local-cloud";
import { waitFor } from "../support/wait-for";
import { FailoverClient } from "./failover-client";

/** Stack of us-east-1, which has the control planes of global services, and of a region that an account must enable first. */
const STACK = `config:
  tickets:primary: virginia
  tickets:regions:
    - { name: virginia, code: us-east-1 }
    - { name: abu-dhabi-1, code: me-central-1 }
`;

describe("us-east-1 and me-central-1 on the local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let virginia: RegionClient;
  let abuDhabi: RegionClient;
  let failover: FailoverClient;
  let api: string;

  const optionsIn = ({ folder }: ProjectCopy): string[] => {
    writeFileSync(join(folder, "Pulumi.virginia.yaml"), STACK);
    return ["--stack", "virginia", "--speed", "20"];
  };
  useCloudOfCopy(optionsIn, (running) => {
    cloud = running;
    const { regions, names } = cloud.addresses;
    virginia = new RegionClient(regions.virginia.api);
    abuDhabi = new RegionClient(regions["abu-dhabi-1"].api);
    failover = new FailoverClient(cloud.addresses);
    api = names["api.tickets.test"];
  });

  it("replicate tickets in both directions, in versions with their own codes", async () => {
    // On a busy machine the first request of a function can time out; a client would retry it, too.
    const create = (region: RegionClient, subject: string): Promise<Ticket> =>
      waitFor(() => region.create(subject), { what: `the ticket ${subject}` });
    const fromVirginia = await create(virginia, "From us-east-1");
    const fromAbuDhabi = await create(abuDhabi, "From me-central-1");
    assert.match(fromVirginia.version, /-us-east-1$/);
    assert.match(fromAbuDhabi.version, /-me-central-1$/);
    await waitFor(() => abuDhabi.find(fromVirginia.id), { what: "Virginia's ticket in Abu Dhabi" });
    await waitFor(() => virginia.find(fromAbuDhabi.id), { what: "Abu Dhabi's ticket in Virginia" });
  });

  it("fail over while us-east-1 is down, and back", async () => {
    const { "app.tickets.test": webUi } = cloud.addresses.names;
    await served("us-east-1", () => failBack());
    await cloud.setRegion("virginia", "down");
    await served("me-central-1");
    assert.equal((await failover.call("GET", `${webUi}/config.json`)).body.region.name, "abu-dhabi-1");
    const created = await waitFor(
      async () => {
        const response = await failover.call("POST", `${api}/tickets`, {
          subject: "Written during the outage",
        });
        return response.status === 201 && response;
      },
      { what: "a ticket that is written during the outage" },
    );

    await cloud.setRegion("virginia", "up");
    await waitFor(() => virginia.find(created.body.id), { what: "the outage's ticket in Virginia" });
    await waitFor(async () => isDeepStrictEqual(await virginia.list(), await abuDhabi.list()), {
      what: "equal tickets in both regions",
    });
    await served("us-east-1", () => failBack());
  });

  /** Waits until the failover name is served by a region. */
  async function served(
    code: string,
    between: () => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    const isServed = async (): Promise<boolean> => {
      if ((await failover.call("GET", `${api}/health`)).servedBy === code) return true;
      await between();
      return false;
    };
    await waitFor(isServed, { what: `the failover name to answer from ${code}`, withinMs: 60_000 });
  }

  /** Runs failback. Without a takeover it changes nothing. */
  function failBack(): Promise<unknown> {
    return runHere(["failback", "--minutes", "0", `--local=${cloud.addresses.console}`]);
  }
});
