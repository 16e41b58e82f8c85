import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../command-line/stack-name";
import { ANSWERED } from "../functions/shared/log";
import { Addresses, addressesOf, RegionOutputs } from "./addresses";
import { Cleanup, temporaryDirectory } from "./cleanup";
import { collectState } from "./console/collect";
import { ConsoleServer } from "./console/server";
import { Timeline } from "./console/timeline";
import { LocalGateway } from "./gateway/gateway";
import { PortInUseError } from "./aws/listen";
import type { Log } from "./aws/log";
import { LocalMetrics } from "./console/metrics";
import { type LocalCloudOptions, MAXIMUM_PORT } from "./options";
import { portsFrom } from "./ports";
import { runProgram } from "./pulumi/program";
import { Regions } from "./aws/regions";
import { cloudAt } from "./running-cloud";
import { PROJECT_DIRECTORY, Services, startServices } from "./services";
import { makeDataDirectory, provideUi } from "./preconditions";
import { atSpeed, configuredRegions, stackConfig } from "./pulumi/stack-config";
import { recordTimeline } from "./console/record-timeline";

/** Parts of log lines that are told by the access log already, or only tell that somebody asks for a region's health. */
const NOISE = [
  '"routeKey":"GET /health"',
  '"routeKey":"GET /routing"',
  `"message":${JSON.stringify(ANSWERED)}`,
];

/** So many regions the program has. */
const REGIONS = 2;
/** The ports of one local cloud span fewer than this. */
const PORTS_APART = 100;

type RegionOutputsByName = Readonly<Record<string, RegionOutputs>>;

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
    private readonly cleanup: Cleanup,
  ) {}

  /**
   * Starts the services, runs the program over them and opens the console.
   * @param stop ends a start that is under way.
   * @throws Error with one sentence that says what is in the way, or the reason of `stop`; nothing is left running then.
   */
  static async start(
    options: LocalCloudOptions,
    listener: StartListener,
    stop?: AbortSignal,
  ): Promise<LocalCloud> {
    const cleanup = new Cleanup();
    try {
      return new LocalCloud(await startEverything(options, listener, cleanup, stop), cleanup);
    } catch (error) {
      await cleanup
        .close()
        .catch((problem: Error) => listener.log("stopping after the failed start", problem.message));
      throw error instanceof PortInUseError ? await explainTaken(error, options) : error;
    }
  }

  /** Stops every server and child process and removes what was temporary. */
  close(): Promise<void> {
    return this.cleanup.close();
  }
}

async function startEverything(
  options: LocalCloudOptions,
  { log: print, progress }: StartListener,
  cleanup: Cleanup,
  stop?: AbortSignal,
): Promise<Addresses> {
  await provideUi(PROJECT_DIRECTORY, progress, stop);
  const metrics = new LocalMetrics();
  const log = withoutNoise(print, metrics);
  const stated = stackConfig(PROJECT_DIRECTORY, options.stack, {
    "tickets:domainName": options.domain,
    "tickets:hostedZoneId": undefined,
    "tickets:awsEndpoint": undefined,
  });
  const config = atSpeed(stated, options.speed);
  if (options.data !== undefined) await makeDataDirectory(options.data);
  const regions = new Regions(configuredRegions(config));
  const names = regions.all().map(({ name, code }) => `${name} (${code})`);
  progress(`Starting ${names.join(" and ")} …`);
  const services = await startServices(regions, options, log, cleanup, stop);

  progress(`Running the program for stack ${options.stack} …`);
  let made = 0;
  const outputs = await runProgram({
    project: PROJECT,
    stack: options.stack,
    config,
    resourceHandlers: services.resourceHandlers,
    onResource: () => made++,
    stop,
  });
  progress(`Created ${made} resources.`);
  const timeline = new Timeline();
  recordTimeline(timeline, regions, services);

  const regionOutputs = outputs.regions as RegionOutputsByName;
  const primary = config["tickets:primary"];
  const server: ConsoleServer = await ConsoleServer.start({
    port: portsFrom(options.port, []).console,
    regions,
    caCertificate: services.acm.caCertificate,
    gateway: openGateway(options, services),
    state: () => collectState({ options, primary, regions, services, metrics, timeline, addresses }),
    addresses: () => addresses,
  });
  cleanup.add(() => server.close());
  const caFile = options.domain === undefined ? undefined : await writeCa(services, options, cleanup);
  const addresses = addressesOf({
    ...{ options, regions, services, regionOutputs, server, caFile },
    failback: outputs.failback as string | undefined,
  });
  timeline.add("The local cloud is running.");
  return addresses;
}

/** A port is most often taken by a local cloud in another terminal, which knows its name. */
async function explainTaken(error: PortInUseError, { port, stack }: LocalCloudOptions): Promise<Error> {
  const running = await cloudAt(error.port, port, REGIONS);
  if (!running) return error;
  const other = port + PORTS_APART <= MAXIMUM_PORT ? port + PORTS_APART : port - PORTS_APART;
  const what =
    running.stack === undefined
      ? `Another local cloud is starting: its console will be ${running.console}. Wait until it is running and use it`
      : `Another local cloud is running: stack ${running.stack}, console ${running.console}. Use it`;
  return new Error(
    `${what}, stop it with Ctrl-C in its terminal, or start another one on other ports: ` +
      `npm start -- --port ${other}${stack === running.stack ? "" : ` --stack ${stack}`} (--port 0 takes any free ports).`,
    { cause: error },
  );
}

/** Leaves out what comes all the time or twice, and metrics, which are not for reading. */
function withoutNoise(print: Log, metrics: LocalMetrics): Log {
  return (source, line) => {
    if (!NOISE.some((part) => line.includes(part)) && !metrics.take(line)) print(source, line);
  };
}

function openGateway(
  { domain }: LocalCloudOptions,
  { route53, apiGateway, acm }: Services,
): LocalGateway | undefined {
  if (domain === undefined) return undefined;
  return new LocalGateway({
    domain,
    dnsAddress: route53.dnsAddress,
    httpsPort: apiGateway.httpsPort,
    caCertificate: acm.caCertificate,
  });
}

/** The CA as a file for curl and other clients. */
async function writeCa({ acm }: Services, { data }: LocalCloudOptions, cleanup: Cleanup): Promise<string> {
  const file = join(data ?? (await temporaryDirectory(cleanup)), "local-cloud-ca.pem");
  await writeFile(file, acm.caCertificate);
  return file;
}
