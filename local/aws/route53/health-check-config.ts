import { isIP } from "node:net";

/** Settings of every health check. */
interface CommonConfig {
  readonly id: string;
  /** Logical name in Pulumi. */
  readonly name: string;
  /** Whether the check is disabled; then it does not run and counts as healthy. */
  readonly disabled: boolean;
  /** Whether the status is inverted, also that of a disabled check. */
  readonly inverted: boolean;
}

/** Health check of an endpoint. */
export interface EndpointConfig extends CommonConfig {
  readonly kind: "endpoint";
  readonly protocol: "http" | "https";
  /** Host name. Resolved when there is no `ipAddress`; sent in the Host header and, with `sni`, in the TLS handshake. */
  readonly fqdn?: string;
  readonly ipAddress?: string;
  readonly port: number;
  /** With its leading slash. */
  readonly path: string;
  readonly sni: boolean;
  /** Text that the first 5,120 bytes of the body must contain. */
  readonly searchString?: string;
  /** 10 or 30 seconds. */
  readonly requestInterval: number;
  /** 1 to 10 consecutive results. */
  readonly failureThreshold: number;
}

/** Health check that is calculated from other checks. */
interface CalculatedConfig extends CommonConfig {
  readonly kind: "calculated";
  readonly children: readonly string[];
  /** Number of children that must be healthy. */
  readonly threshold: number;
}

/** Configuration of a health check. */
export type HealthCheckConfig = EndpointConfig | CalculatedConfig;

/** Supported inputs of `aws:route53/healthCheck:HealthCheck`. */
export interface HealthCheckInputs {
  readonly type: string;
  readonly fqdn?: string;
  readonly ipAddress?: string;
  readonly port?: number;
  readonly resourcePath?: string;
  readonly searchString?: string;
  readonly requestInterval?: number;
  readonly failureThreshold?: number;
  readonly enableSni?: boolean;
  readonly disabled?: boolean;
  readonly invertHealthcheck?: boolean;
  readonly childHealthchecks?: readonly string[];
  readonly childHealthThreshold?: number;
}

const ENDPOINT_TYPES = ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"];
/** Maximum length of a resource path and of a search string. */
const MAX_TEXT = 255;

/**
 * Reads the inputs of a health check, with the defaults and limits of
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html.
 * @param exists whether a child check exists.
 * @throws Error that names the check and the invalid input.
 */
export function parseHealthCheck(
  id: string,
  name: string,
  inputs: HealthCheckInputs,
  exists: (healthCheckId: string) => boolean,
): HealthCheckConfig {
  const common = {
    id,
    name,
    disabled: inputs.disabled ?? false,
    inverted: inputs.invertHealthcheck ?? false,
  };
  if (inputs.type === "CALCULATED") return { ...common, ...parseCalculated(name, inputs, exists) };
  if (ENDPOINT_TYPES.includes(inputs.type)) return { ...common, ...parseEndpoint(name, inputs) };
  return fail(
    name,
    `the local Route 53 supports the types ${ENDPOINT_TYPES.join(", ")} and CALCULATED, not ${inputs.type}.`,
  );
}

type Specific<T extends HealthCheckConfig> = Omit<T, keyof CommonConfig>;

function parseCalculated(
  name: string,
  inputs: HealthCheckInputs,
  exists: (healthCheckId: string) => boolean,
): Specific<CalculatedConfig> {
  const children = inputs.childHealthchecks ?? [];
  const unknown = children.find((child) => !exists(child));
  if (unknown !== undefined)
    return fail(name, `childHealthchecks contains ${unknown}, which is not a health check.`);
  const threshold = inputs.childHealthThreshold;
  if (threshold === undefined) return fail(name, "a CALCULATED check needs childHealthThreshold.");
  return {
    kind: "calculated",
    children,
    threshold: wholeNumber(name, "childHealthThreshold", threshold, 0, 256),
  };
}

function parseEndpoint(name: string, inputs: HealthCheckInputs): Specific<EndpointConfig> {
  const protocol = inputs.type.startsWith("HTTPS") ? "https" : "http";
  const interval = inputs.requestInterval ?? 30;
  if (interval !== 10 && interval !== 30)
    return fail(name, `requestInterval ${interval} is neither 10 nor 30.`);
  const path = inputs.resourcePath ?? "/";
  if (path.length > MAX_TEXT) return fail(name, `resourcePath is longer than ${MAX_TEXT} characters.`);
  return {
    kind: "endpoint",
    protocol,
    ...parseAddress(name, inputs),
    port: wholeNumber(name, "port", inputs.port ?? (protocol === "https" ? 443 : 80), 1, 65535),
    path: path.startsWith("/") ? path : `/${path}`,
    sni: protocol === "https" && (inputs.enableSni ?? true),
    searchString: parseSearchString(name, inputs),
    requestInterval: interval,
    failureThreshold: wholeNumber(name, "failureThreshold", inputs.failureThreshold ?? 3, 1, 10),
  };
}

function parseAddress(name: string, inputs: HealthCheckInputs): Pick<EndpointConfig, "fqdn" | "ipAddress"> {
  const { fqdn, ipAddress } = inputs;
  if (!fqdn && !ipAddress) return fail(name, "give fqdn or ipAddress.");
  if (ipAddress && !isIP(ipAddress)) return fail(name, `ipAddress ${ipAddress} is not an IP address.`);
  return { fqdn, ipAddress };
}

function parseSearchString(name: string, { type, searchString }: HealthCheckInputs): string | undefined {
  const matches = type.endsWith("_STR_MATCH");
  if (matches && !searchString) return fail(name, `a check of type ${type} needs searchString.`);
  if (!matches && searchString) return fail(name, `searchString needs the type ${type}_STR_MATCH.`);
  if (searchString && searchString.length > MAX_TEXT)
    return fail(name, `searchString is longer than ${MAX_TEXT} characters.`);
  return searchString;
}

function wholeNumber(name: string, key: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return fail(name, `${key} ${value} is not a whole number from ${least} to ${most}.`);
}

function fail(name: string, problem: string): never {
  throw new Error(`Health check ${name}: ${problem}`);
}
