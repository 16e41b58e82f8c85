import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ANSWERED } from "../functions/shared/log";
import { Addresses, addressesOf, RegionOutputs } from "./addresses";
import type { Frontend } from "./aws/frontend";
import type { Log } from "./aws/log";
import { Regions } from "./aws/regions";
import { Cleanup, temporaryDirectory } from "./cleanup";
import { collectState } from "./console/collect-state";
import type { Route } from "./console/http/route";
import { LogStore } from "./console/logs/log-store";
import { RedriveCommand } from "./console/quarantine/redrive-command";
import { MetricsCollector } from "./console/replication-metrics";
import { consoleRoutes } from "./console/routes";
import { ConsoleServer } from "./console/server";
import { recordTimeline, Timeline } from "./console/timeline";
import { gatewayNames, LocalGateway, type GatewayNames } from "./gateway/gateway";
import { currentConfig } from "./current-config";
import type { LocalCloudOptions } from "./options";
import { portsFrom } from "./ports";
import { createDataDirectory, expectNoDomainWithWebsites, provideUi } from "./preconditions";
import { Problems } from "./problems";
import type { StackOutputs } from "./pulumi/program";
import { configuredRegions } from "./pulumi/stack-config";
import { PROJECT_DIRECTORY, Services, startServices } from "./services";

/** Parts of log lines that are omitted on the terminal: requests of health checkers, and lines that repeat the access log. */
const OMITTED = [
  '"routeKey":"GET /health"',
  '"routeKey":"GET /routing"',
  `"message":${JSON.stringify(ANSWERED)}`,
];

/** Receives the output of a start. */
export interface StartListener {
  readonly log: Log;
  /** Receives one short line for each step. */
  readonly progress: (step: string) => void;
}

/** Settings that change while a local cloud runs. */
export interface LiveSettings {
  /** Whether a function that does not start is refused. */
  functionsMustStart?: boolean;
  /** Answers in place of the deployed web UI; only with the option `watch`. */
  frontend?: Frontend;
}

/** Running AWS services of a local cloud, without resources until the program is deployed on them. */
export class CloudHost {
  /** Further resources of the console's HTTP interface; read when the console starts. */
  readonly consoleRoutes: Route[] = [];
  private readonly timeline = new Timeline();
  private served: Promise<ConsoleServer> | undefined;
  private current: Addresses | undefined;
  private primary = "";
  private appUrl: string | undefined;
  private caFile: string | undefined;

  private constructor(
    readonly options: LocalCloudOptions,
    /** The stack's configuration by full key, with values as text. */
    readonly config: Readonly<Record<string, string>>,
    readonly regions: Regions,
    readonly services: Services,
    private readonly metrics: MetricsCollector,
    private readonly logs: LogStore,
    /** Stops what was started. */
    readonly cleanup: Cleanup,
    /** Receives one short line for each step. */
    readonly progress: StartListener["progress"],
    /** Shown by the console until they are fixed. */
    readonly problems: Problems,
    readonly live: LiveSettings,
  ) {}

  /**
   * Starts the services of the stack's regions.
   * @param cleanup receives what was started, also when the start fails.
   * @param stop aborts the start.
   */
  static async start(
    options: LocalCloudOptions,
    { log: print, progress }: StartListener,
    cleanup: Cleanup,
    stop?: AbortSignal,
  ): Promise<CloudHost> {
    await provideUi(PROJECT_DIRECTORY, progress, stop);
    const metrics = new MetricsCollector();
    const config = currentConfig(options);
    expectNoDomainWithWebsites(options, config);
    if (options.data !== undefined) await createDataDirectory(options.data);
    const configured = options.regions ?? configuredRegions(config);
    // Clients are near the primary, whose alias is the name of the stack.
    const distant = configured.filter(({ name }) => name !== options.stack);
    const roundTrips = distant.map(({ name }) => [name, options.roundTripMs ?? 0]);
    const regions = new Regions(configured, Object.fromEntries(roundTrips));
    const logs = new LogStore(regions.all().map(({ name }) => name));
    const log = recorded(logs, filtered(print, metrics));
    const names = regions.all().map(({ name, code }) => `${name} (${code})`);
    progress(`Starting ${names.join(" and ")} …`);
    const live: LiveSettings = {};
    const frontend = options.watch ? (): Frontend | undefined => live.frontend : undefined;
    const problems = new Problems(progress);
    const functions = {
      onStart: problems.noteStart.bind(problems),
      mustStart: () => live.functionsMustStart ?? false,
      coldStartMs: options.coldStartMs,
    };
    const services = await startServices(regions, { ...options, frontend, functions }, log, cleanup, stop);
    return new CloudHost(
      options,
      config,
      regions,
      services,
      metrics,
      logs,
      cleanup,
      progress,
      problems,
      live,
    );
  }

  /** Addresses of the deployed program. @throws Error before the first call of `serve`. */
  get addresses(): Addresses {
    if (this.current) return this.current;
    throw new Error("The program is not deployed yet.");
  }

  /**
   * Shows the deployed program: starts the console, or updates it after a further deployment.
   * @param outputs outputs of the deployed program.
   */
  async serve(outputs: StackOutputs): Promise<Addresses> {
    const { options, regions, services } = this;
    this.primary = String(outputs.primary);
    this.appUrl = outputs.appUrl as string | undefined;
    const isFirst = !this.served;
    if (isFirst) recordTimeline(this.timeline, regions, services);
    const server = await (this.served ??= this.startConsole());
    this.current = addressesOf({
      ...{ options, regions, services, server, caFile: this.caFile },
      regionOutputs: outputs.regions as Readonly<Record<string, RegionOutputs>>,
      failback: outputs.failback as string | undefined,
      appUrl: this.appUrl,
    });
    if (isFirst) this.timeline.add("The local cloud is running.");
    return this.current;
  }

  private async startConsole(): Promise<ConsoleServer> {
    const { options, regions, services, metrics, timeline, logs, problems, live } = this;
    const addresses = (): Addresses => this.addresses;
    const redrive = new RedriveCommand(() => this.addresses.console, logs.add);
    this.cleanup.add(() => redrive.close());
    const server = await ConsoleServer.start({
      port: portsFrom(options.port, []).console,
      caCertificate: services.acm.caCertificate,
      gateway: openGateway(
        services,
        () => gatewayNames(options.domain, this.appUrl),
        () => live.frontend,
      ),
      upgrades: options.watch,
      state: () =>
        collectState({
          ...{ options, regions, services, metrics, timeline },
          ...{ primary: this.primary, addresses: this.addresses, problem: () => problems.current },
        }),
      addresses,
      routes: [
        ...consoleRoutes({
          ...{ regions, logs, addresses, mappings: services.mappings, sqs: services.sqs, redrive },
          debugging: { lambda: services.lambda, isEnabled: options.inspect ?? false },
        }),
        ...this.consoleRoutes,
      ],
    });
    this.cleanup.add(() => server.close());
    if (options.domain !== undefined) this.caFile = await writeCa(services, options, this.cleanup);
    return server;
  }
}

/** Returns a log that keeps every line for the console. */
function recorded(logs: LogStore, log: Log): Log {
  return (source, line, requestIds) => {
    logs.add(source, line, requestIds);
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
  { route53, apiGateway, acm, cloudFront }: Services,
  names: () => GatewayNames,
  frontend: () => Frontend | undefined,
): LocalGateway {
  return new LocalGateway({
    names,
    dnsAddress: route53.dnsAddress,
    httpsPort: apiGateway.httpsPort,
    caCertificates: [acm.caCertificate, cloudFront.defaultCertificate],
    frontend,
  });
}

/** Writes the CA's certificate to a file for curl and other clients, and returns its path. */
async function writeCa({ acm }: Services, { data }: LocalCloudOptions, cleanup: Cleanup): Promise<string> {
  const file = join(data ?? (await temporaryDirectory(cleanup)), "local-cloud-ca.pem");
  await writeFile(file, acm.caCertificate);
  return file;
}
