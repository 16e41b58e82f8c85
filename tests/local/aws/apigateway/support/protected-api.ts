import { createApi, startGateway, type TestApi, type TestGateway } from "./test-gateway";
import { AUDIENCE, startIssuer, type TestIssuer } from "./test-issuer";

/** Origin of the requests of {@link ProtectedApi}. */
export const ORIGIN = { origin: "https://app.example" };

/** An API whose routes `GET /me` and, with scopes, `GET /tickets` need a token of an issuer; `GET /public` does not. */
export interface ProtectedApi {
  readonly test: TestGateway;
  readonly api: TestApi;
  readonly issuer: TestIssuer;
  /** Time of the gateway and the issuer, in milliseconds since 1970. It stands still. */
  now: number;
  /** Sends a GET request, to `/me` by default, with a token or without one. */
  send(token: string | undefined, path?: string): Promise<Response>;
  close(): Promise<void>;
}

/** Starts the API and its issuer, which the test must close. */
export async function startProtectedApi(): Promise<ProtectedApi> {
  const time = { now: Date.now() };
  const issuer = await startIssuer(() => time.now);
  const test = await startGateway({ clock: () => time.now });
  const protectedRoutes = await createProtectedApi(test, issuer.url, [AUDIENCE, "other-api"]);
  return Object.assign(time, {
    ...{ test, issuer, ...protectedRoutes },
    async close() {
      await test.gateway.close();
      await issuer.close();
    },
  });
}

/** Creates the API, for tokens of an issuer that the test has started. */
export async function createProtectedApi(
  test: TestGateway,
  issuer: string,
  audiences: readonly string[],
): Promise<Pick<ProtectedApi, "api" | "send">> {
  const api = await createApi(test, {
    routes: ["GET /public"],
    api: {
      corsConfiguration: { allowOrigins: ["*"], allowMethods: ["GET"], allowHeaders: ["authorization"] },
    },
    stage: {
      accessLogSettings: {
        destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:access",
        format: "$context.status $context.authorizer.claims.sub $context.authorizer.error",
      },
    },
  });
  const { id: authorizerId } = await test.make("authorizer", "people", {
    apiId: api.id,
    authorizerType: "JWT",
    identitySources: ["$request.header.Authorization"],
    jwtConfiguration: { issuer, audiences },
  });
  const protect = (routeKey: string, authorizationScopes: string[]) =>
    test.make("route", routeKey, {
      ...{ apiId: api.id, routeKey, target: `integrations/${api.integration.id}` },
      ...{ authorizationType: "JWT", authorizerId, authorizationScopes },
    });
  await protect("GET /tickets", ["tickets:read", "tickets/read"]);
  await protect("GET /me", []);
  return {
    api,
    async send(token: string | undefined, path = "/me") {
      const authorization = token && { authorization: `Bearer ${token}` };
      const response = await fetch(api.url + path, { headers: { ...ORIGIN, ...authorization } });
      await response.clone().arrayBuffer();
      return response;
    },
  };
}
