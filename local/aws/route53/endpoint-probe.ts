import * as http from "node:http";
import * as https from "node:https";
import type { EndpointConfig } from "./health-check-config";

const CONNECT_MS = 4_000;
const STATUS_MS = 2_000;
const BODY_MS = 2_000;
const SEARCHED_BYTES = 5_120;

/** Result of one probe of an endpoint. */
export interface ProbeResult {
  readonly passed: boolean;
  /** Result in words, such as `200, matched` or `connection refused`. */
  readonly text: string;
}

/**
 * Probes an endpoint once, as a Route 53 health checker does. It requires a TCP connection within 4 seconds and a status of 2xx or
 * 3xx within 2 more seconds. With a search string, the first 5,120 bytes of the body must arrive within 2 more seconds and contain
 * it. The certificate is not validated. The `--speed` of the local cloud does not divide these times. Never rejects: an endpoint
 * that cannot be reached has failed.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param address address to connect to.
 */
export function probeEndpoint(
  config: EndpointConfig,
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const request = openRequest(config, address, signal);
    const finish = (passed: boolean, text: string): void => {
      deadline.clear();
      resolve({ passed, text });
      request.destroy();
    };
    const deadline = new Deadline((problem) => finish(false, problem));
    deadline.set(CONNECT_MS, "no connection within 4 s");
    request.on("socket", (socket) =>
      socket.once("connect", () => deadline.set(STATUS_MS, "no status within 2 s")),
    );
    request.on("error", (error: NodeJS.ErrnoException) => finish(false, failureText(error)));
    request.on("response", (response) => {
      deadline.set(BODY_MS, "no body within 2 s");
      checkResponse(response, config.searchString, finish);
    });
    request.end();
  });
}

function openRequest(
  config: EndpointConfig,
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): http.ClientRequest {
  const name = config.fqdn ?? config.ipAddress;
  const defaultPort = config.protocol === "https" ? 443 : 80;
  const common = { ...address, path: config.path, agent: false, signal } as const;
  const headers = {
    host: config.port === defaultPort ? name : `${name}:${config.port}`,
    "user-agent": `Amazon-Route-53-Health-Check-Service (ref ${config.id}; report http://amzn.to/1vsZADi)`,
    connection: "close",
  };
  if (config.protocol === "http") return http.request({ ...common, headers });
  // With an empty server name, Node sends no SNI.
  const servername = config.sni && config.fqdn ? config.fqdn : "";
  return https.request({ ...common, headers, servername, rejectUnauthorized: false });
}

function checkResponse(
  response: http.IncomingMessage,
  searchString: string | undefined,
  finish: (passed: boolean, text: string) => void,
): void {
  const status = response.statusCode ?? 0;
  if (status < 200 || status >= 400) return finish(false, String(status));
  if (searchString === undefined) return finish(true, String(status));
  let body = Buffer.alloc(0);
  response.on("data", (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]).subarray(0, SEARCHED_BYTES);
    if (body.includes(searchString)) finish(true, `${status}, matched`);
    else if (body.length === SEARCHED_BYTES) finish(false, `${status}, string not in the first 5,120 bytes`);
  });
  response.on("end", () => finish(false, `${status}, string not found`));
  response.on("error", (error) => finish(false, failureText(error)));
}

function failureText(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ECONNRESET") return "connection closed by the endpoint";
  return error.message;
}

/** A single timer; setting it again replaces it. */
class Deadline {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly passed: (problem: string) => void) {}

  set(milliseconds: number, problem: string): void {
    this.clear();
    this.timer = setTimeout(() => this.passed(problem), milliseconds);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}
