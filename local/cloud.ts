import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Addresses, addressesOf, RegionOutputs } from "./addresses";
import { collectState } from "./console/collect";
import { ConsoleServer } from "./console/server";
import { Timeline } from "./console/timeline";
import { FrontDoor } from "./front-door";
import type { Log } from "./log";
import type { LocalCloudOptions } from "./options";
import { portsFrom } from "./ports";
import { runProgram } from "./program";
import { Regions } from "./regions";
import { Closing, PROJECT_DIRECTORY, Services, startServices, temporaryDirectory } from "./services";
import { stackConfig } from "./stack-config";
import { recordTimeline } from "./console/record-timeline";

/** What Route 53's health checkers call themselves in the access log. */
const HEALTH_CHECKER = "Amazon-Route-53-Health-Check-Service";

/** How a start tells what it does. */
export interface StartListener {
  readonly log: Log;
  /** One short line for each step. */
  readonly progress: (step: string) => void;
}

/** The running local cloud: both regions, everything in them, and the console. */
export class LocalCloud {
  private constructor(
    readonly addresses: Addresses,
    private readonly closing: Closing,
  ) {}

  /**
   * Starts the services, runs the program over them and opens the console.
   * @throws Error with one sentence that says what is in the way; nothing is left running then.
   */
  static async start(options: LocalCloudOptions, listener: StartListener): Promise<LocalCloud> {
    const closing = new Closing();
    try {
      return new LocalCloud(await startEverything(options, listener, closing), closing);
    } catch (error) {
      await closing.close();
      throw error;
    }
  }

  /** Stops every server and child process and removes what was temporary. */
  close(): Promise<void> {
    return this.closing.close();
  }
}

async function startEverything(
  options: LocalCloudOptions,
  { log: print, progress }: StartListener,
  closing: Closing,
): Promise<Addresses> {
  const log = withoutHealthChecks(print);
  const config = stackConfig(PROJECT_DIRECTORY, options.stack, {
    "tickets:domainName": options.domain,
    "tickets:hostedZoneId": undefined,
    "tickets:awsEndpoint": undefined,
  });
  const regions = new Regions(JSON.parse(config["tickets:regions"]) as { name: string; code: string }[]);
  progress(
    `Starting ${regions
      .all()
      .map(({ name, code }) => `${name} (${code})`)
      .join(" and ")}`,
  );
  const services = await startServices(regions, options, log, closing);
  const timeline = new Timeline();
  recordTimeline(timeline, regions, services);

  progress(`Running the program for stack ${options.stack}`);
  let made = 0;
  const outputs = await runProgram({
    stack: options.stack,
    config,
    makers: services.makers,
    onResource: () => made++,
  });
  progress(`Made ${made} resources`);

  const regionOutputs = outputs.regions as Readonly<Record<string, RegionOutputs>>;
  const frontDoor =
    options.domain === undefined
      ? undefined
      : openFrontDoor(options.domain, regions, services, regionOutputs);
  const primary = config["tickets:primary"];
  const server: ConsoleServer = await ConsoleServer.start({
    port: portsFrom(options.port, []).console,
    regions,
    caCertificate: services.acm.caCertificate,
    frontDoor,
    state: () => collectState({ options, primary, regions, services, timeline, addresses }),
  });
  closing.add(() => server.close());
  const caFile = options.domain === undefined ? undefined : await writeCa(services, options, closing);
  const addresses = addressesOf({ options, regions, services, regionOutputs, server, caFile });
  timeline.add("Everything is up.");
  return addresses;
}

/** Leaves out the access log's lines of the health checkers, which ask all the time. */
function withoutHealthChecks(print: Log): Log {
  return (source, line) => {
    if (!line.includes(HEALTH_CHECKER)) print(source, line);
  };
}

function openFrontDoor(
  domain: string,
  regions: Regions,
  { route53, apiGateway, acm }: Services,
  outputs: Readonly<Record<string, RegionOutputs>>,
): FrontDoor {
  return new FrontDoor({
    domain,
    dnsAddress: route53.dnsAddress,
    httpsPort: apiGateway.httpsPort,
    caCertificate: acm.caCertificate,
    regionOf: (address) => regions.all().find((region) => region.address === address)?.code,
    websiteOf: (code) => outputs[regions.byCode(code).name].ui,
  });
}

/** The CA as a file for curl and other clients. */
async function writeCa({ acm }: Services, { data }: LocalCloudOptions, closing: Closing): Promise<string> {
  const file = join(data ?? (await temporaryDirectory(closing)), "local-cloud-ca.pem");
  await writeFile(file, acm.caCertificate);
  return file;
}
