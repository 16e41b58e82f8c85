import assert from "node:assert/strict";
import { drainProgram, ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { REGIONS } from "../support/program-variants";
import { mockStack, onlyProblemOf } from "./read-configuration";

const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";

describe("Public websites", function () {
  this.timeout(120_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({ stack: "ireland", config: { "tickets:publicWebsite": "true" } });
  });

  it("need no CloudFront, and nothing in us-east-1", () => {
    assert.deepEqual(
      program.resources.filter(({ type, region }) => /cloudfront/.test(type) || region === "us-east-1"),
      [],
    );
    for (const { inputs } of ofType(program, "pulumi:providers:aws"))
      assert.equal(inputs.stsRegion, undefined);
  });

  it("are readable by everyone, after their public access block permits that", () => {
    for (const { name } of REGIONS) {
      const bucket = bucketOf(program, name);
      const block = resourceNamed(program, PUBLIC_ACCESS, `${name}-page`);
      assert.deepEqual(block.inputs, {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: false,
        ignorePublicAcls: true,
        restrictPublicBuckets: false,
      });
      const policy = resourceNamed(program, BUCKET_POLICY, `${name}-page`);
      assert.ok(policy.dependencies.includes(block.urn));
      assert.deepEqual(JSON.parse(policy.inputs.policy).Statement, [
        { Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: [`${bucket.outputs.arn}/*`] },
      ]);
      const website = resourceNamed(program, WEBSITE, `${name}-page`);
      assert.deepEqual(website.inputs.indexDocument, { suffix: "index.html" });
    }
  });

  it("are the web UIs in the outputs, without a common address", () => {
    const { regions, appUrl } = program.outputs;
    assert.equal(appUrl, undefined);
    for (const { name, code } of REGIONS)
      assert.equal(
        regions[name].ui,
        `http://${bucketOf(program, name).outputs.bucket}.s3-website-${code}.amazonaws.com`,
      );
  });

  it("use the same buckets, blocks and policies as the distribution, which change in place", async () => {
    const distributed = await drainProgram({ stack: "ireland", config: {} });
    const urnsOf = ({ resources }: Program): string[] =>
      resources
        .filter(({ type }) => [BUCKET, PUBLIC_ACCESS, BUCKET_POLICY].includes(type))
        .map(({ urn }) => urn);
    assert.deepEqual(urnsOf(program), urnsOf(distributed));
  });

  it("are refused with a domain, with both keys in the message", async () => {
    await mockStack();
    const problem = onlyProblemOf({ publicWebsite: "true", domainName: "tickets.example.com" });
    assert.match(
      problem,
      /tickets:publicWebsite is "true"\. It must be false while domainName is set, because .*pulumi config rm publicWebsite, or pulumi config rm domainName/,
    );
  });
});

function bucketOf(program: Program, region: string): ProgramResource {
  return resourceNamed(program, BUCKET, `${region}-page`);
}
