import assert from "node:assert/strict";
import { LIST_INTERVAL_MS } from "../../ui/src/data/polling";
import { ROUTING_INTERVAL_MS } from "../../ui/src/data/routing-states";
import { resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

describe("Throttling limits of the API", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("gives the health check its own throttling limit, far above the rate of Route 53", () => {
    for (const { program } of variants)
      for (const { name } of REGIONS) {
        const { inputs } = resourceNamed(program, "aws:apigatewayv2/stage:Stage", `${name}-api`);
        assert.deepEqual(inputs.routeSettings, [
          { routeKey: "GET /health", throttlingBurstLimit: 100, throttlingRateLimit: 50 },
          { routeKey: "HEAD /health", throttlingBurstLimit: 100, throttlingRateLimit: 50 },
          { routeKey: "GET /routing", throttlingBurstLimit: 400, throttlingRateLimit: 200 },
          { routeKey: "HEAD /routing", throttlingBurstLimit: 400, throttlingRateLimit: 200 },
          { routeKey: "DELETE /tickets/{id}", throttlingBurstLimit: 100, throttlingRateLimit: 25 },
        ]);
      }
  });

  it("leaves three quarters of the limit of /routing to Route 53 while as many web UIs are open as the limit of the list allows", () => {
    const { inputs } = resourceNamed(variants[0].program, "aws:apigatewayv2/stage:Stage", "ireland-api");
    const { throttlingRateLimit: lists } = inputs.defaultRouteSettings as { throttlingRateLimit: number };
    const settings = inputs.routeSettings as { routeKey: string; throttlingRateLimit: number }[];
    const limit = settings.find(({ routeKey }) => routeKey === "GET /routing")?.throttlingRateLimit ?? 0;
    const openWebUis = (lists * LIST_INTERVAL_MS) / 1000;
    const requests = (openWebUis * 1000) / ROUTING_INTERVAL_MS;
    assert.ok(requests <= limit / 4, `${requests} of ${limit} requests a second`);
  });
});
