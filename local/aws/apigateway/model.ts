import type { DeclaredResource } from "../resource";
import type { RoutePattern } from "./routes";
import type { StageThrottle } from "./throttling";

/** Result of an invocation by the local Lambda. */
export type Invocation =
  | { readonly payload: unknown }
  | { readonly functionError: { readonly errorType: string; readonly errorMessage: string } };

/** Part of the local Lambda that API Gateway uses. */
export interface FunctionInvoker {
  /** @throws Error when the function does not exist or its region is down. */
  invoke(functionArn: string, event: unknown): Promise<Invocation>;
  /** Whether the function's resource policy permits the call of a principal on behalf of a source. */
  permits(functionArn: string, principal: string, sourceArn: string): boolean;
  /** Time that a debugger has paused the function until now, in milliseconds; 0 if there are no debuggers. */
  pausedMs?(functionArn: string): number;
}

/** Part of the local ACM that API Gateway and CloudFront use: key pairs of issued certificates, in PEM, and the end of their use. */
export interface CertificateStore {
  /** @throws Error when the certificate is not issued. */
  keyPairOf(certificateArn: string): { key: string; cert: string };
  /** Receives that a resource has stopped using a certificate. */
  endUse(certificateArn: string, user: string): void;
}

/** Part of the local Route 53 that API Gateway uses: the registry of alias targets. */
export interface AliasRegistry {
  registerAliasTarget(target: { name: string; zoneId: string; region: string }): void;
  unregisterAliasTarget(name: string): void;
}

/** Part of the local CloudWatch that API Gateway uses: the permission to deliver access logs. */
export interface LogDelivery {
  /** @throws Error if the log delivery service cannot be allowed to write to the log group. */
  allow(region: string, logGroupArn: string): void;
}

/** Inputs of a resource, kept for `read`. */
type Inputs = DeclaredResource["inputs"];

/** A Lambda proxy integration. */
export interface Integration {
  readonly id: string;
  readonly inputs: Inputs;
  readonly functionArn: string;
  /** 50 to 30,000 milliseconds. */
  readonly timeoutMs: number;
}

/** A JWT authorizer of an API. */
export interface Authorizer {
  readonly id: string;
  readonly inputs: Inputs;
  /** URL, also the claim `iss` of its tokens. */
  readonly issuer: string;
  /** Accepted values of the claim `aud`, or of `client_id`. */
  readonly audiences: readonly string[];
  /** Name of the header with the token, in lower case. */
  readonly identityHeader: string;
}

/** A route of an API. */
export interface Route {
  readonly id: string;
  readonly inputs: Inputs;
  readonly pattern: RoutePattern;
  /** Id of an integration of the same API. */
  readonly integrationId: string;
  /** Id of an authorizer of the same API; undefined for a public route. */
  readonly authorizerId: string | undefined;
  /** Scopes of which a token must have at least one; empty if every valid token will do. */
  readonly scopes: readonly string[];
}

/** A stage of an API. */
export interface Stage {
  /** `$default`, or the first segment of all paths of the stage. */
  readonly name: string;
  readonly inputs: Inputs;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly throttle: StageThrottle;
  /** Format of access log lines; undefined when the stage has no access log. */
  readonly accessLogFormat: string | undefined;
}

/** CORS configuration of an API; a list that is not set is empty. */
export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly allowCredentials: boolean;
}

/** Settings of an API that change in place. */
export interface ApiSettings {
  readonly inputs: Inputs;
  readonly cors: CorsConfiguration | undefined;
  /** Whether the API is reachable through custom domains only. */
  readonly executeApiDisabled: boolean;
}

/** An HTTP API. What changes in place is replaced as a whole, so that a request keeps what it started with. */
export interface Api {
  readonly id: string;
  /** AWS code. */
  readonly region: string;
  /** `arn:aws:execute-api:<region>:<account>:<api id>`. */
  readonly executionArn: string;
  settings: ApiSettings;
  /** By id. */
  readonly integrations: Map<string, Integration>;
  /** By id. */
  readonly authorizers: Map<string, Authorizer>;
  /** By id. */
  readonly routes: Map<string, Route>;
  /** By name. */
  readonly stages: Map<string, Stage>;
}

/** API mapping of a custom domain. */
export interface ApiMapping {
  readonly id: string;
  readonly inputs: Inputs;
  /** Path below which the mapping applies, without slashes around it; the empty key matches every path. */
  readonly key: string;
  readonly api: Api;
  readonly stageName: string;
}

/** A regional custom domain name. */
export interface CustomDomain {
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  /** Name that alias records of the domain point to. */
  readonly targetDomainName: string;
  inputs: Inputs;
  certificateArn: string;
  /** By id. */
  readonly mappings: Map<string, ApiMapping>;
}

/** Stage that a request is for, and the rest of its path. */
export interface RequestTarget {
  readonly api: Api;
  readonly stage: Stage;
  /** Path without the stage and the API mapping key, percent-encoded, with a leading slash. */
  readonly path: string;
  /** Host name of the request, without a port. */
  readonly domainName: string;
}

/** A request and its response, as `LocalApiGateway` emits it. */
export interface ServedRequest {
  /** AWS code. */
  readonly region: string;
  readonly method: string;
  /** Path as the client sent it, without the query. */
  readonly path: string;
  readonly status: number;
  /** Time of the response in milliseconds since 1970. */
  readonly at: number;
}

/** HTTP response before it is sent. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the `set-cookie` headers. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** Message in the body, when API Gateway generated the response itself. */
  readonly message?: string;
}

/** Creates a response of API Gateway itself: `{"message": ...}`. */
export function gatewayResponse(status: number, message: string): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
    message,
  };
}
