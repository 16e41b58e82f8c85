import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { EDGE_ADDRESS } from "../../../../local/aws/cloudfront/model";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { ALIAS, OpenCloudFront, OTHER_ALIAS, WIDE_CERTIFICATE } from "./open-cloudfront";

describe("Life cycle of a CloudFront distribution", () => {
  let open: OpenCloudFront;
  let inputs: Awaited<ReturnType<OpenCloudFront["distributionInputs"]>>;
  let made: ExistingResource;

  beforeEach(async () => {
    open = await OpenCloudFront.open();
    inputs = await open.distributionInputs(await open.buckets());
    made = await open.distribution(inputs);
    for (const region of ["ireland", "singapore"]) {
      await open.put(`${region}-page`, "index.html", `page of ${region}`, "text/html", "no-cache");
      await open.allow(`${region}-page`, String(made.outputs.arn));
    }
  });
  afterEach(() => open.close());

  const update = async (changes: Record<string, unknown>): Promise<ExistingResource> => {
    made = await updateResource(open.cloudFront, made, { ...made.inputs, ...changes });
    return made;
  };
  const page = async (host = ALIAS): Promise<string> => (await open.ask("/", { host })).body.toString();
  const wide = (): object => ({
    viewerCertificate: { ...(inputs.viewerCertificate as object), acmCertificateArn: WIDE_CERTIFICATE },
  });

  it("applies a change to the next request, and keeps its address and open connections", async () => {
    const agent = new Agent({ keepAlive: true, ca: open.authorities, servername: ALIAS });
    const ask = async (): Promise<[body: string, isReused: boolean]> => {
      const outgoing = httpsRequest({
        host: EDGE_ADDRESS,
        port: open.cloudFront.httpsPort,
        headers: { host: ALIAS },
        agent,
      }).end();
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      return [await text(response), outgoing.reusedSocket];
    };
    try {
      assert.deepEqual(await ask(), ["page of ireland", false]);
      const before = made.outputs;
      const [group] = inputs.originGroups as Record<string, unknown>[];
      const members = [{ originId: "singapore" }, { originId: "ireland" }];
      await update({ originGroups: [{ ...group, members }] });
      assert.deepEqual(await ask(), ["page of singapore", true]);
      assert.deepEqual(made.outputs, { ...before, etag: "E2" });
      assert.equal(open.targets.length, 1);
    } finally {
      agent.destroy();
    }
  });

  it("changes its aliases together with its certificate", async () => {
    const serial = (): Promise<string> => presentedSerial(open);
    const before = await serial();
    await update({ aliases: [ALIAS, OTHER_ALIAS], ...wide() });
    assert.deepEqual([await page(), await page(OTHER_ALIAS)], ["page of ireland", "page of ireland"]);
    assert.notEqual(await serial(), before);
    await update({ aliases: [OTHER_ALIAS] });
    await assert.rejects(page(ALIAS), /disconnected before secure TLS/);
    assert.equal(await page(OTHER_ALIAS), "page of ireland");
  });

  it("is served under its own name with CloudFront's certificate, also when it gets an alias later", async () => {
    const own = String(made.outputs.domainName);
    await update({ aliases: [], viewerCertificate: { cloudfrontDefaultCertificate: true } });
    assert.equal(await page(own), "page of ireland");
    await assert.rejects(page(), /disconnected before secure TLS/);
    await update({ aliases: [ALIAS], viewerCertificate: inputs.viewerCertificate });
    assert.equal(await page(), "page of ireland");
    assert.equal(await page(own), "page of ireland");
  });

  it("stays unchanged when a change is rejected", async () => {
    await assert.rejects(
      update({ aliases: ["app.other.test"] }),
      /does not cover the alias app\.other\.test/,
    );
    assert.equal(await page(), "page of ireland");
    assert.deepEqual((await readResource(open.cloudFront, made))?.outputs, made.outputs);
  });

  it("cannot take the alias of another distribution", async () => {
    const other = await open.distribution({ ...inputs, aliases: [OTHER_ALIAS], ...wide() }, "other");
    await assert.rejects(
      updateResource(open.cloudFront, other, { ...other.inputs, aliases: [ALIAS] }),
      new RegExp(`CNAMEAlreadyExists: ${ALIAS} is an alias of the distribution ${made.id}`),
    );
    await deleteResource(open.cloudFront, made);
    await updateResource(open.cloudFront, other, { ...other.inputs, aliases: [ALIAS] });
  });

  it("serves nothing while it is disabled", async () => {
    await update({ enabled: false });
    assert.equal((await open.ask("/")).status, 403);
    await update({ enabled: true });
    assert.equal(await page(), "page of ireland");
  });

  it("uses another response headers policy at once", async () => {
    const headers = await open.make("responseHeadersPolicy:ResponseHeadersPolicy", {
      securityHeadersConfig: { frameOptions: { frameOption: "DENY", override: true } },
    });
    assert.equal((await open.ask("/")).headers["x-frame-options"], undefined);
    const defaultCacheBehavior = { ...inputs.defaultCacheBehavior, responseHeadersPolicyId: headers.id };
    await update({ defaultCacheBehavior });
    assert.equal((await open.ask("/")).headers["x-frame-options"], "DENY");
  });

  it("is deleted while it is enabled, with its alias target", async () => {
    await deleteResource(open.cloudFront, made);
    await assert.rejects(page(), /disconnected before secure TLS/);
    assert.deepEqual(open.targets, []);
    assert.equal(await readResource(open.cloudFront, made), undefined);
    await deleteResource(open.cloudFront, made);
    await open.distribution(inputs, "again");
  });

  it("is only disabled on deletion with retainOnDelete, so that its alias stays taken", async () => {
    await update({ retainOnDelete: true });
    await deleteResource(open.cloudFront, made);
    assert.equal((await open.ask("/")).status, 403);
    const left = await readResource(open.cloudFront, made);
    assert.deepEqual([left?.inputs.enabled, open.targets.length], [false, 1]);
    await assert.rejects(open.distribution(inputs, "again"), /CNAMEAlreadyExists/);
  });

  it("is never replaced", () => {
    const handler = open.cloudFront.resourceHandlers["aws:cloudfront/distribution:Distribution"];
    assert.deepEqual(handler.replacing, {});
  });

  it("is the user of its certificate until it is deleted", async () => {
    const { acmCertificateArn } = inputs.viewerCertificate as Record<string, string>;
    assert.deepEqual(open.cloudFront.certificateUsers(acmCertificateArn), [made.outputs.arn]);
    await deleteResource(open.cloudFront, made);
    assert.deepEqual(open.cloudFront.certificateUsers(acmCertificateArn), []);
  });

  it("is read as it was last declared", async () => {
    await update({ comment: "The page" });
    assert.deepEqual(await readResource(open.cloudFront, made), {
      id: made.id,
      inputs: made.inputs,
      outputs: made.outputs,
    });
    const elsewhere = { ...made, id: "E0" };
    assert.equal(await readResource(open.cloudFront, elsewhere), undefined);
    await assert.rejects(updateResource(open.cloudFront, elsewhere, made.inputs), /NoSuchDistribution/);
  });

  it("has an id and a domain name of its own", async () => {
    const other = await createResource(
      open.cloudFront,
      made.type,
      { ...inputs, aliases: [OTHER_ALIAS], ...wide() },
      { region: "us-east-1", name: made.name, physicalName: "page-1234567" },
    );
    assert.notEqual(other.id, made.id);
    assert.notEqual(other.outputs.domainName, made.outputs.domainName);
  });
});

/** Returns the serial number of the certificate that the edge presents for the alias. */
async function presentedSerial(open: OpenCloudFront): Promise<string> {
  const socket = connect({
    host: EDGE_ADDRESS,
    port: open.cloudFront.httpsPort,
    servername: ALIAS,
    ca: open.authorities,
  });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}
