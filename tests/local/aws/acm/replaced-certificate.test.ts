import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:tls";
import { LocalAcm } from "../../../../local/aws/acm/acm";
import { LocalCloudFront } from "../../../../local/aws/cloudfront/cloudfront";
import { EDGE_ADDRESS } from "../../../../local/aws/cloudfront/model";
import type { DeclaredResource, ExistingResource, LocalService } from "../../../../local/aws/resource";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { openS3, type OpenS3 } from "../../support/open-s3";
import { RECORD, startRoute53, ZONE } from "../route53/open-route53";
import { CERTIFICATE, VALIDATION } from "./open-acm";

const ALIAS = "app.tickets.test";

describe("Replaced certificate of a distribution", () => {
  let route53: LocalRoute53;
  let local: OpenS3;
  let acm: LocalAcm;
  let cloudFront: LocalCloudFront;

  beforeEach(async () => {
    route53 = await startRoute53();
    local = await openS3();
    acm = await LocalAcm.create({ route53 });
    const ports = { httpsPort: 0, httpPort: 0 };
    cloudFront = await LocalCloudFront.start({ s3: local.s3, acm, route53, log: () => undefined, ...ports });
    acm.addUser(cloudFront);
  });
  afterEach(async () => {
    await cloudFront.close();
    await acm.close();
    await local.close();
    await route53.close();
  });

  /** Creates a resource in CloudFront's region with a physical name that no other resource has. */
  const make = (
    service: LocalService,
    type: string,
    inputs: DeclaredResource["inputs"],
    physicalName = type,
  ): Promise<ExistingResource> =>
    createResource(service, type, inputs, { region: "us-east-1", physicalName });
  const request = (alternative: string): Promise<ExistingResource> =>
    make(
      acm,
      CERTIFICATE,
      { domainName: "tickets.test", subjectAlternativeNames: [alternative], validationMethod: "DNS" },
      alternative,
    );

  async function createDistribution(acmCertificateArn: string): Promise<ExistingResource> {
    const bucket = await createResource(local.s3, "aws:s3/bucket:Bucket", { bucket: "page" });
    const { id: cachePolicyId } = await make(cloudFront, "aws:cloudfront/cachePolicy:CachePolicy", {
      minTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
      },
    });
    return make(cloudFront, "aws:cloudfront/distribution:Distribution", {
      enabled: true,
      aliases: [ALIAS],
      origins: [{ originId: "page", domainName: bucket.outputs.bucketRegionalDomainName }],
      defaultCacheBehavior: {
        targetOriginId: "page",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        cachePolicyId,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
    });
  }

  async function presentedNames(): Promise<string | undefined> {
    const port = cloudFront.httpsPort;
    const socket = connect({ host: EDGE_ADDRESS, port, servername: ALIAS, ca: acm.caCertificate });
    await once(socket, "secureConnect");
    const { subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return subjectaltname;
  }

  it("is deleted after the new one is validated and the distribution presents it", async () => {
    const old = await request("*.tickets.test");
    const zone = await make(route53, ZONE, { name: "tickets.test" });
    const [option] = old.outputs.domainValidationOptions as Record<string, string>[];
    await make(route53, RECORD, {
      zoneId: zone.id,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
    });
    await make(acm, VALIDATION, { certificateArn: old.id });
    const distribution = await createDistribution(old.id);
    assert.equal(await presentedNames(), "DNS:tickets.test, DNS:*.tickets.test");

    const next = await request(ALIAS);
    await assert.rejects(make(acm, VALIDATION, { certificateArn: next.id }, "next"), {
      message: /cannot be issued for app\.tickets\.test: its validation record .* is in no hosted zone/,
    });
    const [, added] = next.outputs.domainValidationOptions as Record<string, string>[];
    const records = [added.resourceRecordValue];
    const name = added.resourceRecordName;
    await make(route53, RECORD, { zoneId: zone.id, name, type: "CNAME", records, ttl: 300 });
    await make(acm, VALIDATION, { certificateArn: next.id }, "next");
    await assert.rejects(deleteResource(acm, old), { message: /^ResourceInUseException: .*distribution\/E/ });

    const { viewerCertificate, ...rest } = distribution.inputs;
    await updateResource(cloudFront, distribution, {
      ...rest,
      viewerCertificate: { ...viewerCertificate, acmCertificateArn: next.id },
    });
    assert.equal(await presentedNames(), "DNS:tickets.test, DNS:app.tickets.test");
    await assert.rejects(deleteResource(acm, old), { message: /is still in use by .*distribution\/E/ });
    acm.setReleaseTime(0);
    await deleteResource(acm, old);
    assert.equal(await readResource(acm, old), undefined);
    assert.equal(await presentedNames(), "DNS:tickets.test, DNS:app.tickets.test");
  });
});
