import { request } from "node:http";
import { isForeignHostRejection } from "./aws/allowed-hosts";
import type { PortInUseError } from "./aws/listen";
import { type LocalCloudOptions, MAXIMUM_PORT } from "./options";

/** The ports of one local cloud, counted from the console's port, so that they are the same at every start. */
export interface Ports {
  readonly console: number;
  readonly dns: number;
  /** Stands for port 443 of every region's address and of CloudFront's. */
  readonly https: number;
  /** The AWS endpoint that functions call. */
  readonly endpoint: number;
  /** Stands for port 80 of CloudFront's address. */
  readonly http: number;
  /** By AWS region code, as are the following. */
  readonly api: Readonly<Record<string, number>>;
  readonly website: Readonly<Record<string, number>>;
  readonly dynamodb: Readonly<Record<string, number>>;
  /** SQS and S3. */
  readonly fauxqs: Readonly<Record<string, number>>;
}

/** Distance that is suggested between the ports of two local clouds. The ports of one span less. */
const PORT_RANGE = 100;
const NUMBER_OF_REGIONS = 2;
/** Time limit for the response of another local cloud, in milliseconds. */
const PROBE_TIMEOUT_MS = 1000;

/**
 * Returns the ports that follow from the console's port. With 0 the system chooses each port.
 * @param codes AWS codes of the regions, in the order of the program's configuration.
 */
export function portsFrom(base: number, codes: readonly string[]): Ports {
  const port = (offset: number): number => (base === 0 ? 0 : base + offset);
  const perRegion = (offset: number): Record<string, number> =>
    Object.fromEntries(codes.map((code, index) => [code, port(10 * (index + 1) + offset)]));
  return {
    console: port(0),
    dns: port(1),
    https: port(2),
    endpoint: port(3),
    http: port(4),
    api: perRegion(0),
    website: perRegion(1),
    dynamodb: perRegion(2),
    fauxqs: perRegion(3),
  };
}

/** Another local cloud on this machine. */
interface OtherCloud {
  /** URL of its console. */
  readonly console: string;
  /** Name of its Pulumi stack; undefined while it is starting. */
  readonly stack: string | undefined;
}

/** Returns an error that names the local cloud which uses the port, or the original error when there is none. */
export async function explainPortInUse(
  error: PortInUseError,
  { port, stack, startCommand = "npm start --" }: LocalCloudOptions,
): Promise<Error> {
  const other = await cloudAt(error.port, port);
  if (!other) return error;
  const freePort = port + PORT_RANGE <= MAXIMUM_PORT ? port + PORT_RANGE : port - PORT_RANGE;
  const what =
    other.stack === undefined
      ? `Another local cloud is starting: its console will be ${other.console}. Wait until it is running and use it`
      : `Another local cloud is running: stack ${other.stack}, console ${other.console}. Use it`;
  return new Error(
    `${what}, stop it with Ctrl-C in its terminal, or start another one on other ports: ` +
      `${startCommand} --port ${freePort}${stack === other.stack ? "" : ` --stack ${stack}`} (--port 0 takes any free ports).`,
    { cause: error },
  );
}

/**
 * Finds the local cloud that uses a port: sends a request to every console port whose range includes it. A cloud that
 * is starting has no console yet; its AWS endpoint is its first server.
 * @param port the port in use.
 * @param own the console port of this cloud, which is tried first.
 * @returns undefined when no local cloud responds, so that another program uses the port.
 */
async function cloudAt(port: number, own: number): Promise<OtherCloud | undefined> {
  const codes = Array.from({ length: NUMBER_OF_REGIONS }, (_, index) => String(index));
  const { api, website, dynamodb, fauxqs, ...single } = portsFrom(1, codes);
  const offsets = [single, api, website, dynamodb, fauxqs]
    .flatMap((ports) => Object.values(ports) as number[])
    .map((one) => one - 1);
  const others = offsets.map((offset) => port - offset).filter((one) => one > 0 && one !== own);
  return (
    (await firstOf([own], probeConsole)) ??
    (await firstOf(others, probeConsole)) ??
    (await firstOf([own], probeEndpoint)) ??
    firstOf(others, probeEndpoint)
  );
}

/** Probes all console ports at once and returns the first cloud in their order. */
async function firstOf(
  ports: readonly number[],
  probe: (port: number) => Promise<OtherCloud | undefined>,
): Promise<OtherCloud | undefined> {
  const found = await Promise.all(ports.map(probe));
  return found.find((cloud) => cloud !== undefined);
}

async function probeConsole(port: number): Promise<OtherCloud | undefined> {
  const limit = new AbortController();
  // The timer of AbortSignal.timeout does not keep the process alive, which could end before it reports the error.
  const timer = setTimeout(() => limit.abort(), PROBE_TIMEOUT_MS);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/addresses`, {
      signal: limit.signal,
      redirect: "error",
    });
    const { stack, console: url, regions } = (await response.json()) as Partial<Record<string, unknown>>;
    if (typeof stack !== "string" || typeof url !== "string" || typeof regions !== "object") return undefined;
    return { stack, console: url };
  } catch {
    // No server responds, or it is not a console.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Probes the AWS endpoint that belongs to a console port with a host that every local cloud rejects. */
async function probeEndpoint(port: number): Promise<OtherCloud | undefined> {
  const isLocalCloud = await new Promise<boolean>((resolve) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: portsFrom(port, []).endpoint,
        headers: { host: "another-local-cloud.invalid" },
        agent: false,
        timeout: PROBE_TIMEOUT_MS,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("close", () => resolve(isForeignHostRejection(response.statusCode, body)));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("close", () => resolve(false)).on("error", () => resolve(false));
    outgoing.end();
  });
  return isLocalCloud ? { console: `http://localhost:${port}`, stack: undefined } : undefined;
}
