import { LocalApiGateway } from "../../../../../local/aws/apigateway/apigateway";
import type { Invocation, ServedRequest } from "../../../../../local/aws/apigateway/model";
import type { TokenAuthorization } from "../../../../../local/aws/apigateway/token-verification";
import { LogDeliveryPolicies } from "../../../../../local/aws/cloudwatch/log-delivery-policies";
import { Regions } from "../../../../../local/aws/regions";
import type { ExistingResource } from "../../../../../local/aws/resource";
import { createResource } from "../../../support/create-resource";

export const IRELAND = "eu-west-1";
export const SINGAPORE = "ap-southeast-1";
export const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:tickets";

/** Fields of a payload 2.0 event that the tests check. */
export interface TestEvent {
  readonly routeKey: string;
  readonly rawPath: string;
  readonly headers: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly body?: string;
  readonly stageVariables?: Record<string, string>;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly domainName: string;
    readonly stage: string;
    readonly requestId: string;
    readonly authorizer?: TokenAuthorization;
  };
}

/** Gateway of two regions with a function that the test controls. */
export interface TestGateway {
  readonly gateway: LocalApiGateway;
  readonly regions: Regions;
  /** Events that the function received. */
  readonly events: TestEvent[];
  /** Source ARNs that the function's resource policy was evaluated with. */
  readonly sourceArns: string[];
  readonly logged: { source: string; line: string }[];
  readonly served: ServedRequest[];
  /** Ended uses of certificates: the ARN of the certificate, and that of the domain. */
  readonly endedUses: [certificateArn: string, user: string][];
  readonly aliasTargets: { name: string; zoneId: string; region: string }[];
  /** Creates a resource, such as an `api`, with a physical name that no other resource has. */
  make(type: string, name: string, inputs: object, region?: string): Promise<ExistingResource>;
}

/** Settings of the gateway that a test may change. */
export interface TestGatewayOptions {
  readonly invoke?: (event: TestEvent) => Promise<Invocation>;
  readonly permits?: (sourceArn: string) => boolean;
  readonly keyPairOf?: (certificateArn: string) => { key: string; cert: string };
  readonly apiPorts?: Readonly<Record<string, number>>;
  readonly logDelivery?: LogDeliveryPolicies;
  /** Round trips of clients by region alias, in milliseconds; 0 by default. */
  readonly roundTrips?: Readonly<Record<string, number>>;
  readonly ownResponsesLackCors?: boolean;
  /** Milliseconds since 1970, for the times in tokens. */
  readonly clock?: () => number;
}

/** Starts a gateway in Ireland and Singapore, which the test must close. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const configured = [
    { name: "ireland", code: IRELAND },
    { name: "singapore", code: SINGAPORE },
  ];
  const regions = new Regions(configured, options.roundTrips);
  const seen = {
    events: [],
    sourceArns: [],
    logged: [],
    served: [],
    aliasTargets: [],
    endedUses: [],
  } as Pick<TestGateway, "events" | "sourceArns" | "logged" | "served" | "aliasTargets" | "endedUses">;
  const { invoke = async () => ({ payload: { statusCode: 200, body: "made" } }), permits = () => true } =
    options;
  const gateway = await LocalApiGateway.start({
    regions,
    httpsPort: 0,
    lambda: {
      invoke: (_, event) => {
        seen.events.push(event as TestEvent);
        return invoke(event as TestEvent);
      },
      permits: (functionArn, principal, sourceArn) => {
        seen.sourceArns.push(sourceArn);
        return functionArn === FUNCTION_ARN && principal === "apigateway.amazonaws.com" && permits(sourceArn);
      },
    },
    acm: {
      keyPairOf: options.keyPairOf ?? (() => ({ key: "", cert: "" })),
      endUse: (certificateArn, user) => void seen.endedUses.push([certificateArn, user]),
    },
    route53: {
      registerAliasTarget: (target) => seen.aliasTargets.push(target),
      unregisterAliasTarget: (name) => {
        const index = seen.aliasTargets.findIndex((target) => target.name === name);
        seen.aliasTargets.splice(index, 1);
      },
    },
    logDelivery: options.logDelivery ?? new LogDeliveryPolicies(),
    apiPorts: options.apiPorts,
    ownResponsesLackCors: options.ownResponsesLackCors,
    clock: options.clock,
    log: (source, line) => seen.logged.push({ source, line }),
  });
  gateway.on("request", (request) => seen.served.push(request));
  let created = 0;
  const make: TestGateway["make"] = (type, name, inputs, region = IRELAND) => {
    const token = `aws:apigatewayv2/${type}:${type[0].toUpperCase()}${type.slice(1)}`;
    created += 1;
    return createResource(
      gateway,
      token,
      { ...inputs },
      { name, region, physicalName: `${name}-${created}` },
    );
  };
  return { gateway, regions, make, ...seen };
}

/** An API with one function behind its routes. */
export interface TestApi {
  readonly id: string;
  readonly api: ExistingResource;
  readonly integration: ExistingResource;
  readonly routes: readonly ExistingResource[];
  readonly stage: ExistingResource;
  readonly url: string;
  readonly executionArn: string;
}

/** Creates an API, its integration, routes and stage. */
export async function createApi(
  { make }: TestGateway,
  inputs: {
    readonly routes?: readonly string[];
    readonly api?: object;
    readonly integration?: object;
    readonly stage?: object;
    readonly region?: string;
  } = {},
): Promise<TestApi> {
  const { region = IRELAND } = inputs;
  const api = await make("api", `api-${region}`, { protocolType: "HTTP", ...inputs.api }, region);
  const integration = await make(
    "integration",
    `function-${region}`,
    {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: FUNCTION_ARN,
      payloadFormatVersion: "2.0",
      ...inputs.integration,
    },
    region,
  );
  const routes: ExistingResource[] = [];
  for (const routeKey of inputs.routes ?? ["$default"]) {
    const target = `integrations/${integration.id}`;
    routes.push(await make("route", `${region} ${routeKey}`, { apiId: api.id, routeKey, target }, region));
  }
  const stage = await make(
    "stage",
    `stage-${region}`,
    { apiId: api.id, name: "$default", autoDeploy: true, ...inputs.stage },
    region,
  );
  return {
    ...{ id: api.id, api, integration, routes, stage },
    url: String(api.outputs.apiEndpoint),
    executionArn: String(api.outputs.executionArn),
  };
}
