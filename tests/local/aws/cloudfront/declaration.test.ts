import assert from "node:assert/strict";
import { OpenCloudFront } from "./open-cloudfront";

describe("Resources of CloudFront", () => {
  let open: OpenCloudFront;
  let domainNames: Record<string, string>;

  beforeEach(async () => {
    open = await OpenCloudFront.open();
    domainNames = await open.buckets();
  });
  afterEach(() => open.close());

  async function assertRejected(
    change: object | ((inputs: Record<string, unknown>) => object),
    message: RegExp,
  ): Promise<void> {
    const inputs = await open.distributionInputs(domainNames);
    const changes = typeof change === "function" ? change(inputs) : change;
    await assert.rejects(open.distribution({ ...inputs, ...changes }), message);
  }

  it("have the same ids at every start", async () => {
    const made = await open.distribution(await open.distributionInputs(domainNames));
    await open.close();
    open = await OpenCloudFront.open();
    domainNames = await open.buckets();
    assert.deepEqual(await open.distribution(await open.distributionInputs(domainNames)), made);
    assert.equal(made.outputs.hostedZoneId, "Z2FDTNDATAQYW2");
  });

  it("reject distributions with inputs that are not supported", async () => {
    for (const [input, value] of Object.entries({
      orderedCacheBehaviors: [{}],
      loggingConfig: {},
      webAclId: "x",
      staging: true,
    }))
      await assertRejected(
        { [input]: value },
        new RegExp(`does not support ${input} of aws:cloudfront/distribution`),
      );
    await assertRejected({ enabled: "yes" }, /^Error: enabled: "yes" is not emulated here/);
    await assertRejected(
      { restrictions: { geoRestriction: { restrictionType: "whitelist" } } },
      /restrictionType: "whitelist" is not emulated/,
    );
    await assertRejected({ defaultRootObject: "/index.html" }, /begins with a slash/);
  });

  it("reject cache behaviors that are not supported", async () => {
    const behavior =
      (changes: object) =>
      ({ defaultCacheBehavior }: Record<string, unknown>): object => ({
        defaultCacheBehavior: { ...(defaultCacheBehavior as object), ...changes },
      });
    await assertRejected(
      behavior({ functionAssociations: [{}] }),
      /does not support defaultCacheBehavior\.functionAssociations/,
    );
    await assertRejected(
      behavior({ allowedMethods: ["GET", "HEAD", "POST"] }),
      /allowedMethods: "GET,HEAD,POST" is not emulated/,
    );
    await assertRejected(
      behavior({ viewerProtocolPolicy: "plain" }),
      /viewerProtocolPolicy: "plain" is not emulated/,
    );
    await assertRejected(behavior({ cachePolicyId: "658327ea" }), /there is no cache policy 658327ea/);
    await assertRejected(
      behavior({ responseHeadersPolicyId: "67f7725c" }),
      /there is no response headers policy 67f7725c/,
    );
    await assertRejected(
      behavior({ targetOriginId: "mars" }),
      /targetOriginId: there is no origin or origin group mars/,
    );
  });

  it("reject certificates that CloudFront rejects", async () => {
    const certificate =
      (changes: object) =>
      ({ viewerCertificate }: Record<string, unknown>): object => ({
        viewerCertificate: { ...(viewerCertificate as object), ...changes },
      });
    const elsewhere = "arn:aws:acm:eu-west-1:000000000000:certificate/one";
    await assertRejected(certificate({ acmCertificateArn: elsewhere }), /is not in us-east-1/);
    const unknown = "arn:aws:acm:us-east-1:000000000000:certificate/none";
    await assertRejected(certificate({ acmCertificateArn: unknown }), /There is no certificate/);
    await assertRejected(certificate({ sslSupportMethod: "vip" }), /sslSupportMethod: "vip" is not emulated/);
    await assertRejected(
      certificate({ minimumProtocolVersion: "TLSv1" }),
      /minimumProtocolVersion: "TLSv1" is not emulated/,
    );
    await assertRejected(
      { aliases: ["app.other.test"] },
      /does not cover the alias app\.other\.test; it covers DNS:app\.tickets\.test/,
    );
  });

  it("reject CloudFront's own certificate with an alias, another certificate or a security policy", async () => {
    const own = { cloudfrontDefaultCertificate: true };
    await assertRejected({ viewerCertificate: own }, /InvalidViewerCertificate: .* alias app\.tickets\.test/);
    for (const more of [{ acmCertificateArn: "arn" }, { minimumProtocolVersion: "TLSv1.2_2021" }])
      await assertRejected(
        { aliases: [], viewerCertificate: { ...own, ...more } },
        /viewerCertificate\.\w+: .* is not emulated/,
      );
  });

  it("reject a response completion timeout below the response timeout", async () => {
    const withTimeout =
      (responseCompletionTimeout: number) =>
      ({ origins }: Record<string, unknown>): object => ({
        origins: (origins as object[]).map((one) => ({ ...one, responseCompletionTimeout })),
      });
    await assertRejected(withTimeout(29), /29 is less than the response timeout of 30 seconds/);
  });

  it("reject origins that do not exist", async () => {
    const origin =
      (changes: object) =>
      ({ origins }: Record<string, unknown>): object => ({
        origins: (origins as object[]).map((one) => ({ ...one, ...changes })),
      });
    await assertRejected(
      origin({ domainName: "x.s3.eu-west-1.amazonaws.com" }),
      /NoSuchBucket: there is no bucket at x\.s3/,
    );
    await assertRejected(origin({ originAccessControlId: "none" }), /there is no origin access control none/);
    await assertRejected(origin({ customOriginConfig: {} }), /does not support origins\.customOriginConfig/);
    const group = {
      originId: "both",
      failoverCriteria: { statusCodes: [500] },
      members: [{ originId: "ireland" }],
    };
    await assertRejected({ originGroups: [group] }, /an origin group has two members/);
    const members = [{ originId: "ireland" }, { originId: "singapore" }];
    await assertRejected(
      { originGroups: [{ ...group, members, failoverCriteria: { statusCodes: [418] } }] },
      /statusCodes: 418 is not emulated here/,
    );
  });

  it("reject a second distribution with the same alias", async () => {
    const inputs = await open.distributionInputs(domainNames);
    await open.distribution(inputs);
    await assert.rejects(open.distribution(inputs, "other"), /CNAMEAlreadyExists: app\.tickets\.test/);
  });

  it("reject cache policies with another key than the path, or with invalid times", async () => {
    await assert.rejects(
      open.cachePolicy({}, { queryStringsConfig: { queryStringBehavior: "all" } }),
      /queryStringsConfig\.queryStringBehavior: "all" is not emulated/,
    );
    await assert.rejects(open.cachePolicy({ minTtl: -1 }), /minTtl: -1 is not a whole number of seconds/);
    await assert.rejects(open.cachePolicy({ maxTtl: 10 }), /defaultTtl: 60 is not between minTtl and maxTtl/);
  });

  it("reject headers policies with unsupported fields, or with a security header as a custom one", async () => {
    const policy = (inputs: Record<string, unknown>): Promise<unknown> =>
      open.make("responseHeadersPolicy:ResponseHeadersPolicy", inputs);
    await assert.rejects(policy({ corsConfig: {} }), /does not support corsConfig/);
    await assert.rejects(
      policy({ securityHeadersConfig: { xssProtection: {} } }),
      /does not support securityHeadersConfig\.xssProtection/,
    );
    const item = { header: "X-Frame-Options", value: "DENY", override: true };
    await assert.rejects(
      policy({ customHeadersConfig: { items: [item] } }),
      /x-frame-options is a security header/,
    );
  });

  it("reject origin access controls that do not always sign requests to S3", async () => {
    await assert.rejects(
      open.originAccessControl({ signingBehavior: "never" }),
      /signingBehavior: "never" is not/,
    );
    await assert.rejects(
      open.originAccessControl({ originAccessControlOriginType: "lambda" }),
      /originAccessControlOriginType: "lambda" is not emulated/,
    );
  });
});
