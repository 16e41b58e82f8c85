import type { RoutePattern } from "./routes";
import type { StageThrottle } from "./throttling";

/** What the local Lambda gives back of an invocation. */
export type Invocation =
  | { readonly payload: unknown }
  | { readonly functionError: { readonly errorType: string; readonly errorMessage: string } };

/** What API Gateway needs of the local Lambda. */
export interface FunctionInvoker {
  /** Rejects when there is no such function or its region is down. */
  invoke(functionArn: string, event: unknown): Promise<Invocation>;
  /** Whether the function's resource policy lets this principal call it for this source. */
  permits(functionArn: string, principal: string, sourceArn: string): boolean;
}

/** What API Gateway needs of the local ACM: the key pair of an issued certificate, both in PEM. */
export interface CertificateStore {
  /** Throws when the certificate is not issued. */
  keyPairOf(certificateArn: string): { key: string; cert: string };
}

/** What API Gateway needs of the local Route 53: a place to tell which names its custom domains answer to. */
export interface AliasRegistry {
  registerAliasTarget(target: { name: string; zoneId: string; region: string }): void;
}

/** A Lambda proxy integration. */
export interface Integration {
  readonly id: string;
  readonly functionArn: string;
  /** 50 to 30,000. */
  readonly timeoutMs: number;
}

/** A route and where it leads. */
export interface Route {
  readonly pattern: RoutePattern;
  readonly integration: Integration;
}

/** A stage of an API. */
export interface Stage {
  /** `$default`, or the first segment of every path of the stage. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly throttle: StageThrottle;
  /** The format of access log lines; undefined when the stage keeps no access log. */
  readonly accessLogFormat: string | undefined;
}

/** The CORS configuration of an API; all lists are empty when not set. */
export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly allowCredentials: boolean;
}

/** An HTTP API. */
export interface Api {
  readonly id: string;
  /** AWS code. */
  readonly region: string;
  /** `arn:aws:execute-api:<region>:<account>:<api id>`. */
  readonly executionArn: string;
  readonly cors: CorsConfiguration | undefined;
  /** Whether only custom domains reach the API. */
  readonly executeApiDisabled: boolean;
  readonly integrations: Map<string, Integration>;
  readonly routes: Route[];
  readonly stages: Map<string, Stage>;
}

/** A regional custom domain name. */
export interface CustomDomain {
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  readonly certificateArn: string;
  /** By API mapping key; the empty key stands for every path. */
  readonly mappings: Map<string, { readonly api: Api; readonly stage: Stage }>;
}

/** Where a request goes once its host and the head of its path are known. */
export interface RequestTarget {
  readonly api: Api;
  readonly stage: Stage;
  /** The path below stage and API mapping, still percent-encoded, from its first slash. */
  readonly path: string;
  /** The name that the client called, without a port. */
  readonly domainName: string;
}

/** What `LocalApiGateway` tells its listeners of each answered request. */
export interface ServedRequest {
  /** AWS code. */
  readonly region: string;
  readonly method: string;
  /** As the client sent it, without the query. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds since the epoch, when the answer was given. */
  readonly at: number;
}

/** An HTTP answer before it is written. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One `set-cookie` header each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The message in the body, when the answer is API Gateway's own. */
  readonly message?: string;
}

/** An answer of API Gateway itself: `{"message": ...}`. */
export function gatewayResponse(status: number, message: string): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
    message,
  };
}
