import assert from "node:assert/strict";
import { drainProgram, ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";

describe("UiDistribution", function () {
  this.timeout(120_000);
  let variants: Variant[];
  let distributed: Variant[];
  before(async () => {
    variants = await allVariants();
    distributed = variants.filter(({ hasDomain }) => hasDomain);
  });

  it("is created with a domain, in us-east-1; websites exist only without a domain", () => {
    assert.equal(distributed.length, 4);
    for (const { program, hasDomain } of variants) {
      const cloudFront = program.resources.filter(({ type }) => type.startsWith("aws:cloudfront/"));
      assert.deepEqual(
        cloudFront.map(({ type, name }) => [type.split(":").pop(), name]).sort(),
        hasDomain
          ? [
              ["CachePolicy", "routing-page-cache"],
              ["Distribution", "routing-page"],
              ["OriginAccessControl", "routing-page-access"],
              ["ResponseHeadersPolicy", "routing-page-headers"],
            ]
          : [],
      );
      const components = ofType(program, "tickets:global:PageDistribution");
      assert.deepEqual(
        components.map(({ name, parent }) => [name, parent.split("::").pop()]),
        hasDomain ? [["routing-page", "routing"]] : [],
      );
      for (const { region, parent } of cloudFront)
        assert.deepEqual([region, parent], ["us-east-1", components[0].urn]);
      assert.deepEqual(
        ofType(program, WEBSITE).map(({ name }) => name),
        hasDomain ? [] : ["ireland-page", "singapore-page"],
      );
    }
  });

  it("reads both buckets in the order of the regions, regardless of the primary, and fails over quickly", () => {
    for (const { program, title } of distributed) {
      const { inputs } = distributionOf(program);
      const access = resourceNamed(
        program,
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        "routing-page-access",
      );
      assert.deepEqual(
        inputs.origins,
        REGIONS.map(({ name, code }) => ({
          originId: name,
          domainName: `${bucketOf(program, name).outputs.bucket}.s3.${code}.amazonaws.com`,
          originAccessControlId: access.id,
          connectionAttempts: 1,
          connectionTimeout: 1,
        })),
        title,
      );
      assert.deepEqual(inputs.originGroups, [
        {
          originId: "either-region",
          members: [{ originId: "ireland" }, { originId: "singapore" }],
          failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
        },
      ]);
      assert.deepEqual(access.inputs, {
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      });
    }
  });

  it("serves app.<domain> over HTTPS only, after the certificate of us-east-1 is validated", () => {
    for (const { program } of distributed) {
      const { inputs, dependencies } = distributionOf(program);
      const { enabled, aliases, httpVersion, isIpv6Enabled, priceClass, restrictions, viewerCertificate } =
        inputs;
      assert.deepEqual(
        { enabled, aliases, httpVersion, isIpv6Enabled, priceClass, restrictions, viewerCertificate },
        {
          enabled: true,
          aliases: ["app.tickets.test"],
          httpVersion: "http2and3",
          isIpv6Enabled: true,
          priceClass: "PriceClass_All",
          restrictions: { geoRestriction: { restrictionType: "none" } },
          viewerCertificate: {
            acmCertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/routing-certificate-global",
            minimumProtocolVersion: "TLSv1.2_2021",
            sslSupportMethod: "sni-only",
          },
        },
      );
      const validation = resourceNamed(
        program,
        "aws:acm/certificateValidation:CertificateValidation",
        "routing-certificate-global",
      );
      assert.ok(dependencies.includes(validation.urn));
    }
  });

  it("serves index.html, compressed, for GET and HEAD only, and caches each file by its own header", () => {
    for (const { program } of distributed) {
      const { inputs } = distributionOf(program);
      const cache = resourceNamed(program, "aws:cloudfront/cachePolicy:CachePolicy", "routing-page-cache");
      const headers = resourceNamed(
        program,
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "routing-page-headers",
      );
      assert.equal(inputs.defaultRootObject, "index.html");
      assert.deepEqual(inputs.defaultCacheBehavior, {
        targetOriginId: "either-region",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        cachePolicyId: cache.id,
        responseHeadersPolicyId: headers.id,
      });
      assert.deepEqual(cache.inputs, {
        minTtl: 0,
        defaultTtl: 86_400,
        maxTtl: 31_536_000,
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
          headersConfig: { headerBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "none" },
        },
      });
    }
  });

  it("is the only reader of the private buckets, over TLS", () => {
    for (const { program } of distributed)
      for (const { name, code } of REGIONS) {
        const bucket = bucketOf(program, name);
        const { arn } = bucket.outputs;
        const policy = resourceNamed(program, BUCKET_POLICY, `${name}-page`);
        const allowed = {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceArn": distributionOf(program).outputs.arn } },
        };
        assert.deepEqual(JSON.parse(policy.inputs.policy).Statement, [
          { ...allowed, Action: ["s3:GetObject"], Resource: [`${arn}/*`] },
          { ...allowed, Action: ["s3:ListBucket"], Resource: [arn] },
          {
            Effect: "Deny",
            Principal: "*",
            Action: ["s3:*"],
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]);
        assert.deepEqual([policy.inputs.bucket, policy.region], [bucket.id, code]);
        assert.deepEqual(resourceNamed(program, PUBLIC_ACCESS, `${name}-page`).inputs, {
          bucket: bucket.id,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      }
  });

  it("is the target of app.<domain>, over IPv4 and IPv6, after the bucket policies", () => {
    for (const { program } of distributed) {
      const { domainName, hostedZoneId } = distributionOf(program).outputs;
      for (const type of ["A", "AAAA"]) {
        const record = resourceNamed(
          program,
          "aws:route53/record:Record",
          `routing-page-${type.toLowerCase()}`,
        );
        assert.deepEqual(record.inputs, {
          aliases: [{ evaluateTargetHealth: false, name: domainName, zoneId: hostedZoneId }],
          name: "app.tickets.test",
          type,
          zoneId: resourceNamed(program, "aws:route53/record:Record", "routing-ireland-a").inputs.zoneId,
        });
        for (const { name } of REGIONS)
          assert.ok(record.dependencies.includes(resourceNamed(program, BUCKET_POLICY, `${name}-page`).urn));
      }
    }
  });

  it("is added and removed with the domain, while each bucket keeps its policy resource", async () => {
    const urnsOf = (program: Program): string[] =>
      ofType(program, BUCKET_POLICY)
        .map(({ urn }) => urn)
        .filter((urn) => urn.includes("PageBucket"));
    const [without, withDomain] = await Promise.all(
      [undefined, "tickets.test"].map((domainName) =>
        drainProgram({ stack: "ireland", config: domainName ? { "tickets:domainName": domainName } : {} }),
      ),
    );
    assert.equal(urnsOf(without).length, REGIONS.length);
    assert.deepEqual(urnsOf(withDomain), urnsOf(without));
  });
});

function distributionOf(program: Program): ProgramResource {
  return resourceNamed(program, DISTRIBUTION, "routing-page");
}

function bucketOf(program: Program, region: string): ProgramResource {
  return resourceNamed(program, BUCKET, `${region}-page`);
}
