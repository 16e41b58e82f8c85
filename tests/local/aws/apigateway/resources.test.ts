import assert from "node:assert/strict";
import { FUNCTION_ARN, IRELAND, startGateway, type TestGateway } from "./support/test-gateway";
import { createCertificates } from "./support/test-certificates";

const INTEGRATION = {
  integrationType: "AWS_PROXY",
  integrationUri: FUNCTION_ARN,
  payloadFormatVersion: "2.0",
};

describe("Resources of API Gateway", () => {
  let test: TestGateway;
  let apiId: string;

  before(async () => {
    const certificates = await createCertificates(["*.tickets.test"]);
    test = await startGateway({
      keyPairOf: (arn) => {
        if (arn.endsWith("/pending")) throw new Error(`${arn} is not issued.`);
        return certificates;
      },
    });
    apiId = (await test.make("api", "shared", { protocolType: "HTTP" })).id;
  });

  after(() => test.gateway.close());

  it("return the provider's outputs of an API and its stages", async () => {
    const inputs = { protocolType: "HTTP", name: "outputs", tags: { a: "b" } };
    const { id, outputs } = await test.make("api", "outputs", inputs);
    assert.match(id, /^[a-z0-9]{10}$/);
    assert.match(String(outputs.apiEndpoint), /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(outputs.name, "outputs");
    assert.equal(outputs.arn, `arn:aws:apigateway:eu-west-1::/apis/${id}`);
    assert.equal(outputs.executionArn, `arn:aws:execute-api:eu-west-1:000000000000:${id}`);
    const byDefault = await test.make("stage", "a", { apiId: id, name: "$default", autoDeploy: true });
    assert.equal(byDefault.id, "$default");
    assert.equal(byDefault.outputs.invokeUrl, `${outputs.apiEndpoint}/`);
    assert.equal(byDefault.outputs.executionArn, `${outputs.executionArn}/$default`);
    const named = await test.make("stage", "b", { apiId: id, name: "dev", autoDeploy: true });
    assert.equal(named.outputs.invokeUrl, `${outputs.apiEndpoint}/dev`);
  });

  it("return the provider's outputs of a custom domain, and its inputs", async () => {
    const certificateArn = `arn:aws:acm:${IRELAND}:000000000000:certificate/1`;
    const configuration = { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" };
    const { id, outputs } = await test.make("domainName", "api", {
      domainName: "api.tickets.test",
      domainNameConfiguration: configuration,
    });
    assert.equal(id, "api.tickets.test");
    const { targetDomainName, hostedZoneId, ...rest } = outputs.domainNameConfiguration as Record<
      string,
      string
    >;
    assert.match(targetDomainName, /^d-\w+\.execute-api\.eu-west-1\.amazonaws\.com$/);
    assert.equal(hostedZoneId, "ZLY8HYME6SFDD");
    assert.deepEqual(rest, { ...configuration, ipAddressType: "ipv4" });
  });

  it("accept the invoke ARN of a function", async () => {
    const integrationUri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations`;
    const { id } = await test.make("integration", "invoke-arn", { ...INTEGRATION, apiId, integrationUri });
    await test.make("route", "by invoke ARN", {
      apiId,
      routeKey: "GET /invoke-arn",
      target: `integrations/${id}`,
    });
  });

  const settings = { throttlingBurstLimit: 1, throttlingRateLimit: 1 };
  const domain = {
    certificateArn: `arn:aws:acm:${IRELAND}:0:certificate/1`,
    endpointType: "REGIONAL",
    securityPolicy: "TLS_1_2",
  };
  const stage = { name: "other", autoDeploy: true };
  const refused: [type: string, inputs: object, about: RegExp][] = [
    ["api", { protocolType: "WEBSOCKET" }, /protocolType: "WEBSOCKET"/],
    ["api", { protocolType: "HTTP", body: "openapi" }, /does not support body of aws:apigatewayv2\/api:Api/],
    [
      "api",
      { protocolType: "HTTP", corsConfiguration: { allowOrigins: ["*"], allowCredentials: true } },
      /corsConfiguration\.allowOrigins/,
    ],
    ["integration", { ...INTEGRATION, apiId: "none" }, /apiId: NotFoundException: .* no API "none"/],
    ["integration", { ...INTEGRATION, integrationType: "HTTP_PROXY" }, /integrationType/],
    ["integration", { ...INTEGRATION, payloadFormatVersion: undefined }, /payloadFormatVersion: .*"2\.0"/],
    ["integration", { ...INTEGRATION, integrationUri: "https://example.com" }, /integrationUri/],
    [
      "integration",
      { ...INTEGRATION, timeoutMilliseconds: 30_001 },
      /timeoutMilliseconds: 30001 .* 50 to 30000/,
    ],
    ["integration", { ...INTEGRATION, requestParameters: { a: "b" } }, /requestParameters/],
    [
      "route",
      { routeKey: "GET /iam", authorizationType: "AWS_IAM" },
      /authorizationType: "AWS_IAM" is not emulated/,
    ],
    ["route", { routeKey: "GET/", target: "integrations/a" }, /routeKey: the route key "GET\/"/],
    ["route", { routeKey: "GET /a", target: "integrations/none" }, /target: "integrations\/none"/],
    ["stage", { name: "manual" }, /autoDeploy/],
    ["stage", { ...stage, deploymentId: "a" }, /deploymentId/],
    [
      "stage",
      { ...stage, routeSettings: [{ ...settings, routeKey: "GET /none" }] },
      /NotFoundException: Unable to find Route by key GET \/none within the provided RouteSettings/,
    ],
    ["stage", { ...stage, accessLogSettings: { format: "a", more: 1 } }, /accessLogSettings\.more/],
    [
      "stage",
      { ...stage, defaultRouteSettings: { throttlingBurstLimit: 1 } },
      /defaultRouteSettings\.throttlingRateLimit/,
    ],
    [
      "stage",
      { ...stage, routeSettings: [{ ...settings, routeKey: "GET /a", loggingLevel: "INFO" }] },
      /routeSettings\.loggingLevel/,
    ],
    [
      "domainName",
      { domainName: "a.tickets.test", domainNameConfiguration: { ...domain, securityPolicy: "TLS_1_0" } },
      /domainNameConfiguration\.securityPolicy: "TLS_1_0"/,
    ],
    [
      "domainName",
      { domainName: "a.example.com", domainNameConfiguration: domain },
      /certificateArn: .* does not cover a\.example\.com; it covers DNS:\*\.tickets\.test/,
    ],
    [
      "domainName",
      {
        domainName: "a.tickets.test",
        domainNameConfiguration: { ...domain, certificateArn: "arn:aws:acm:us-east-1:0:certificate/1" },
      },
      /certificateArn: .* is not a certificate of eu-west-1/,
    ],
    [
      "domainName",
      {
        domainName: "a.tickets.test",
        domainNameConfiguration: {
          ...domain,
          certificateArn: `arn:aws:acm:${IRELAND}:0:certificate/pending`,
        },
      },
      /certificateArn: .* is not issued/,
    ],
    [
      "apiMapping",
      { domainName: "none.tickets.test", stage: "$default" },
      /domainName: NotFoundException: .*none\.tickets\.test is not a custom domain/,
    ],
  ];
  for (const [type, inputs, about] of refused)
    it(`reject a ${type} with ${about.source}`, async () => {
      const resource = test.make(
        type,
        "wrong",
        type === "api" || type === "domainName" ? inputs : { apiId, ...inputs },
      );
      await assert.rejects(resource, about);
    });
});
