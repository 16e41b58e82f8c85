import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../command-line/stack-name";
import { ANSWERED } from "../functions/shared/log";
import { Addresses, addressesOf, RegionOutputs } from "./addresses";
import { PortInUseError } from "./aws/listen";
import type { Log } from "./aws/log";
import { Regions } from "./aws/regions";
import { Cleanup, temporaryDirectory } from "./cleanup";
import { collectState } from "./console/collect-state";
import { LogStore } from "./console/logs/log-store";
import { RedriveCommand } from "./console/quarantine/redrive-command";
import { MetricsCollector } from "./console/replication-metrics";
import { consoleRoutes } from "./console/routes";
import { ConsoleServer } from "./console/server";
import { recordTimeline, Timeline } from "./console/timeline";
import { LocalGateway } from "./gateway/gateway";
import type { LocalCloudOptions } from "./options";
import { explainPortInUse, portsFrom } from "./ports";
import { createDataDirectory, provideUi } from "./preconditions";
import { Deployment } from "./pulumi/deployment";
import { atSpeed, configuredRegions, stackConfig } from "./pulumi/stack-config";
import { PROJECT_DIRECTORY, Services, startServices } from "./services";

/** Parts of log lines that are omitted on the terminal: requests of health checkers, and lines that repeat the access log. */
const OMITTED = [
  '"routeKey":"GET /health"',
  '"routeKey":"GET /routing"',
  `"message":${JSON.stringify(ANSWERED)}`,
];

type RegionOutputsByName = Readonly<Record<string, RegionOutputs>>;

/** Receives the output of a start. */
export interface StartListener {
  readonly log: Log;
  /** Receives one short line for each step. */
  readonly progress: (step: string) => void;
}

/** A running local cloud: both regions with all their resources, and the console. */
export class LocalCloud {
  private constructor(
    readonly addresses: Addresses,
    private readonly cleanup: Cleanup,
  ) {}

  /**
   * Starts the services, runs the program on them and starts the console.
   * @param stop aborts the start.
   * @throws Error that states the problem, or the reason of `stop`. Everything that was started has been stopped then.
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
      throw error instanceof PortInUseError ? await explainPortInUse(error, options) : error;
    }
  }

  /** Stops every server and child process and removes temporary files. */
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
  const metrics = new MetricsCollector();
  const fullSpeedConfig = stackConfig(PROJECT_DIRECTORY, options.stack, {
    "tickets:domainName": options.domain,
    "tickets:hostedZoneId": undefined,
    "tickets:awsEndpoint": undefined,
  });
  const config = atSpeed(fullSpeedConfig, options.speed);
  if (options.data !== undefined) await createDataDirectory(options.data);
  const regions = new Regions(configuredRegions(config));
  const logs = new LogStore(regions.all().map(({ name }) => name));
  const log = recorded(logs, filtered(print, metrics));
  const names = regions.all().map(({ name, code }) => `${name} (${code})`);
  progress(`Starting ${names.join(" and ")} …`);
  const services = await startServices(regions, options, log, cleanup, stop);

  progress(`Running the program for stack ${options.stack} …`);
  const { resourceHandlers, remoteComponents } = services;
  const deployment = new Deployment({
    ...{
      project: PROJECT,
      stack: options.stack,
      directory: PROJECT_DIRECTORY,
      resourceHandlers,
      remoteComponents,
    },
  });
  const { outputs, steps } = await deployment.update({ config, stop });
  progress(`Created ${steps.length} resources.`);
  const timeline = new Timeline();
  recordTimeline(timeline, regions, services);

  const regionOutputs = outputs.regions as RegionOutputsByName;
  const primary = config["tickets:primary"];
  const redrive = new RedriveCommand(() => addresses.console, logs.add);
  cleanup.add(() => redrive.close());
  const server: ConsoleServer = await ConsoleServer.start({
    port: portsFrom(options.port, []).console,
    caCertificate: services.acm.caCertificate,
    gateway: openGateway(options, services),
    state: () => collectState({ options, primary, regions, services, metrics, timeline, addresses }),
    addresses: () => addresses,
    routes: consoleRoutes({ regions, logs, addresses: () => addresses, sqs: services.sqs, redrive }),
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

/** Returns a log that keeps every line for the console. */
function recorded(logs: LogStore, log: Log): Log {
  return (source, line) => {
    logs.add(source, line);
    log(source, line);
  };
}

/** Returns a log that passes metrics to the collector, drops omitted lines and prints the rest. */
function filtered(print: Log, metrics: MetricsCollector): Log {
  return (source, line) => {
    if (!OMITTED.some((part) => line.includes(part)) && !metrics.collect(line)) print(source, line);
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

/** Writes the CA's certificate to a file for curl and other clients, and returns its path. */
async function writeCa({ acm }: Services, { data }: LocalCloudOptions, cleanup: Cleanup): Promise<string> {
  const file = join(data ?? (await temporaryDirectory(cleanup)), "local-cloud-ca.pem");
  await writeFile(file, acm.caCertificate);
  return file;
}
