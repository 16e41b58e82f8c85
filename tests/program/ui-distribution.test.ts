import assert from "node:assert/strict";
import { ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";

describe("UiDistribution", function () {
  this.timeout(120_000);
  let distributed: Variant[];
  before(async () => {
    distributed = await allVariants();
  });

  it("is created with and without a domain, in us-east-1, and is the same resource in both", () => {
    for (const { program } of distributed) {
      const cloudFront = program.resources.filter(({ type }) => type.startsWith("aws:cloudfront/"));
      assert.deepEqual(cloudFront.map(({ type, name }) => [type.split(":").pop(), name]).sort(), [
        ["CachePolicy", "routing-page-cache"],
        ["Distribution", "routing-page"],
        ["OriginAccessControl", "routing-page-access"],
        ["ResponseHeadersPolicy", "routing-page-headers"],
      ]);
      const components = ofType(program, "tickets:global:PageDistribution");
      assert.deepEqual(
        components.map(({ name, parent }) => [name, parent]),
        [["routing-page", ""]],
      );
      for (const { region, parent } of cloudFront)
        assert.deepEqual([region, parent], ["us-east-1", components[0].urn]);
      assert.deepEqual(ofType(program, WEBSITE), []);
    }
  });

  it("is found in the state of release 0.1.0, where routing was its parent", () => {
    for (const { program } of distributed) {
      const [{ aliases }] = ofType(program, "tickets:global:PageDistribution");
      const { urn } = distributionOf(program);
      const [prefix] = urn.split("tickets:global:");
      assert.deepEqual(aliases, [`${prefix}tickets:global:Routing::routing`]);
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
          responseCompletionTimeout: 30,
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

  it("serves its own name without a domain, with CloudFront's certificate", () => {
    for (const { program } of distributed.filter(({ hasDomain }) => !hasDomain)) {
      const { aliases, viewerCertificate } = distributionOf(program).inputs;
      assert.equal(aliases, undefined);
      assert.deepEqual(viewerCertificate, { cloudfrontDefaultCertificate: true });
    }
  });

  it("serves app.<domain> over HTTPS only, after the certificate of us-east-1 is validated", () => {
    for (const { program } of distributed.filter(({ hasDomain }) => hasDomain)) {
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

  it("is the target of app.<domain>, over IPv4 and IPv6", () => {
    for (const { program } of distributed.filter(({ hasDomain }) => hasDomain)) {
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
      }
    }
  });

  it("is deployed, and its name resolves, before the buckets stop being public websites", () => {
    for (const { program, hasDomain } of distributed) {
      const first = [
        distributionOf(program).urn,
        ...(hasDomain ? ["a", "aaaa"] : []).map(
          (type) => resourceNamed(program, "aws:route53/record:Record", `routing-page-${type}`).urn,
        ),
      ];
      for (const { name } of REGIONS) {
        const block = resourceNamed(program, PUBLIC_ACCESS, `${name}-page`);
        for (const urn of first) assert.ok(block.dependencies.includes(urn), urn);
        const policy = resourceNamed(program, BUCKET_POLICY, `${name}-page`);
        assert.ok(policy.dependencies.includes(block.urn));
      }
    }
  });
});

function distributionOf(program: Program): ProgramResource {
  return resourceNamed(program, DISTRIBUTION, "routing-page");
}

function bucketOf(program: Program, region: string): ProgramResource {
  return resourceNamed(program, BUCKET, `${region}-page`);
}
