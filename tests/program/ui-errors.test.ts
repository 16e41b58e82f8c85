import assert from "node:assert/strict";
import { OpenCloudFront } from "../local/aws/cloudfront/open-cloudfront";
import { drainProgram, ofType } from "../support/mocked-program";

describe("The web UI through the distribution that the program declares", function () {
  this.timeout(120_000);
  let open: OpenCloudFront;

  before(async () => {
    const program = await drainProgram({ stack: "ireland", config: {} });
    const [{ inputs: declared }] = ofType(program, "aws:cloudfront/distribution:Distribution");
    open = await OpenCloudFront.open();
    const inputs = await open.distributionInputs(await open.buckets());
    const { customErrorResponses, originGroups } = declared;
    const [{ failoverCriteria }] = originGroups as { failoverCriteria: object }[];
    const [group] = inputs.originGroups as object[];
    const made = await open.distribution({
      ...{ ...inputs, customErrorResponses },
      originGroups: [{ ...group, failoverCriteria }],
    });
    for (const bucket of ["ireland-page", "singapore-page"])
      await open.allow(bucket, String(made.outputs.arn));
  });
  afterEach(() => {
    for (const region of ["ireland", "singapore"] as const) open.local.regions.setState(region, "up");
  });
  after(() => open.close());

  it("loads as soon as a file that was missing in both buckets arrives", async () => {
    assert.equal((await open.ask("/assets/app.js")).status, 404);
    await open.put("singapore-page", "assets/app.js", "run()", "text/javascript", "max-age=60");
    const { status, body } = await open.ask("/assets/app.js");
    assert.deepEqual([status, body.toString()], [200, "run()"]);
  });

  it("loads as soon as one of two buckets that failed is back", async () => {
    for (const region of ["ireland", "singapore"] as const) open.local.regions.setState(region, "down");
    await open.put("ireland-page", "index.html", "page", "text/html", "no-cache");
    assert.equal((await open.ask("/")).status, 503);
    open.local.regions.setState("ireland", "up");
    assert.equal((await open.ask("/")).status, 200);
  });
});
