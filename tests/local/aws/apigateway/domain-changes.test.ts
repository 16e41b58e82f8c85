import assert from "node:assert/strict";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { openKeepAlive, type KeepAliveClient } from "./support/keep-alive";
import { createCertificates, type TestCertificates } from "./support/test-certificates";
import { createApi, IRELAND, startGateway, type TestApi, type TestGateway } from "./support/test-gateway";

const NAME = "api.tickets.test";
const ADDRESS = "127.0.0.11";

function arnOf(id: string): string {
  return `arn:aws:acm:${IRELAND}:000000000000:certificate/${id}`;
}

/** A gateway with a domain, an API and a client that trusts the first certificate. */
class DomainFixture {
  private readonly clients: KeepAliveClient[] = [];

  private constructor(
    readonly test: TestGateway,
    readonly certificates: Record<string, TestCertificates>,
    readonly api: TestApi,
    readonly domain: ExistingResource,
  ) {}

  static async open(): Promise<DomainFixture> {
    const certificates: Record<string, TestCertificates> = {
      [arnOf("1")]: await createCertificates([NAME]),
      [arnOf("2")]: await createCertificates([NAME]),
      [arnOf("other")]: await createCertificates(["other.tickets.test"]),
    };
    const test = await startGateway({
      keyPairOf: (arn) => {
        const { [arn]: pair } = certificates;
        if (pair) return pair;
        throw new Error(`${arn} is not issued.`);
      },
    });
    const api = await createApi(test);
    const domain = await test.make("domainName", "api", domainInputs("1"));
    return new DomainFixture(test, certificates, api, domain);
  }

  map(inputs: object = {}): Promise<ExistingResource> {
    return this.test.make("apiMapping", "api", {
      apiId: this.api.id,
      domainName: NAME,
      stage: "$default",
      ...inputs,
    });
  }

  client(): KeepAliveClient {
    const client = openKeepAlive(`https://${ADDRESS}:${this.test.gateway.httpsPort}`, {
      servername: NAME,
      ca: this.certificates[arnOf("1")].ca,
    });
    this.clients.push(client);
    return client;
  }

  async statusOf(path: string): Promise<number> {
    return (await this.client().get(path, { host: NAME })).status;
  }

  /** Serial number of the certificate that a new handshake presents. */
  async serialNumber(): Promise<string> {
    const options = { host: ADDRESS, port: this.test.gateway.httpsPort, servername: NAME };
    const socket: TLSSocket = connect({ ...options, rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    const { serialNumber } = socket.getPeerCertificate() as DetailedPeerCertificate;
    socket.destroy();
    return serialNumber;
  }

  async close(): Promise<void> {
    this.clients.forEach((client) => client.close());
    await this.test.gateway.close();
  }
}

function domainInputs(certificate: string): Record<string, unknown> {
  const configuration = { endpointType: "REGIONAL", securityPolicy: "TLS_1_2" };
  return {
    domainName: NAME,
    domainNameConfiguration: { certificateArn: arnOf(certificate), ...configuration },
  };
}

describe("DomainName of API Gateway", () => {
  let fixture: DomainFixture;
  beforeEach(async () => {
    fixture = await DomainFixture.open();
  });
  afterEach(() => fixture.close());

  it("presents a new certificate in new handshakes and keeps open connections", async () => {
    const { test, domain } = fixture;
    await fixture.map();
    const client = fixture.client();
    const { localPort } = await client.get("/", { host: NAME });
    const before = await fixture.serialNumber();
    const updated = await updateResource(test.gateway, domain, domainInputs("2"));
    assert.notEqual(await fixture.serialNumber(), before);
    const kept = await client.get("/", { host: NAME });
    assert.deepEqual([kept.status, kept.localPort], [200, localPort]);
    assert.deepEqual(targetOf(updated), targetOf(domain), "Alias records stay valid.");
    assert.deepEqual((await readResource(test.gateway, domain))?.inputs, domainInputs("2"));
    assert.deepEqual(test.gateway.certificateUsers(arnOf("1")), []);
    assert.equal(test.gateway.certificateUsers(arnOf("2")).length, 1);
    assert.deepEqual(test.endedUses, [[arnOf("1"), domain.outputs.arn]]);
  });

  it("presents a certificate that was issued again under its ARN", async () => {
    const before = await fixture.serialNumber();
    fixture.certificates[arnOf("1")] = fixture.certificates[arnOf("2")];
    assert.notEqual(await fixture.serialNumber(), before);
  });

  it("keeps its certificate when the new one does not cover it", async () => {
    const { test, domain } = fixture;
    const before = await fixture.serialNumber();
    await assert.rejects(updateResource(test.gateway, domain, domainInputs("other")), /does not cover/);
    await assert.rejects(updateResource(test.gateway, domain, domainInputs("none")), /is not issued/);
    assert.equal(await fixture.serialNumber(), before);
  });

  it("exists once per name and region, until it is deleted", async () => {
    const { test, domain } = fixture;
    const upperCase = { ...domainInputs("1"), domainName: NAME.toUpperCase() };
    await assert.rejects(
      test.make("domainName", "second", upperCase),
      /ConflictException: The domain name you provided already exists/,
    );
    await deleteResource(test.gateway, domain);
    await deleteResource(test.gateway, domain);
    assert.equal(await readResource(test.gateway, domain), undefined);
    await assert.rejects(
      updateResource(test.gateway, domain, domain.inputs),
      /NotFoundException: Invalid domain name identifier/,
    );
    await test.make("domainName", "third", domainInputs("1"));
  });

  it("takes its mappings, its alias target and the use of its certificate with it when it is deleted", async () => {
    const { test, domain, api } = fixture;
    const mapping = await fixture.map();
    assert.equal(test.aliasTargets.length, 1);
    await deleteResource(test.gateway, domain);
    assert.deepEqual(test.aliasTargets, []);
    assert.deepEqual(test.endedUses, [[arnOf("1"), domain.outputs.arn]]);
    assert.equal(await readResource(test.gateway, mapping), undefined);
    await deleteResource(test.gateway, mapping);
    await assert.rejects(fixture.statusOf("/"));
    await deleteResource(test.gateway, api.api);
  });

  it("is replaced when its name changes, and not otherwise", () => {
    const { replacing } = fixture.test.gateway.resourceHandlers["aws:apigatewayv2/domainName:DomainName"];
    assert.deepEqual(Object.keys(replacing), ["domainName", "region"]);
  });
});

describe("ApiMapping of API Gateway", () => {
  let fixture: DomainFixture;
  beforeEach(async () => {
    fixture = await DomainFixture.open();
  });
  afterEach(() => fixture.close());

  it("serves the stage as it is now", async () => {
    const { test, api } = fixture;
    await fixture.map();
    assert.equal(await fixture.statusOf("/"), 200);
    const defaultRouteSettings = { throttlingBurstLimit: 0, throttlingRateLimit: 0 };
    await updateResource(test.gateway, api.stage, { ...api.stage.inputs, defaultRouteSettings });
    assert.equal(await fixture.statusOf("/"), 429);
  });

  it("changes its key and stage in place", async () => {
    const { test, api } = fixture;
    await test.make("stage", "dev", { apiId: api.id, name: "dev", autoDeploy: true });
    const mapping = await fixture.map();
    const inputs = { ...mapping.inputs, apiMappingKey: "v2", stage: "dev" };
    await updateResource(test.gateway, mapping, inputs);
    assert.deepEqual([await fixture.statusOf("/"), await fixture.statusOf("/v2/tickets")], [403, 200]);
    assert.equal(test.events[0].requestContext.stage, "dev");
    assert.deepEqual((await readResource(test.gateway, mapping))?.inputs, inputs);
  });

  it("is rejected with the key of another mapping, as a replacement before its predecessor is deleted", async () => {
    const about = /ConflictException: ApiMapping key already exists for this domain name/;
    const first = await fixture.map();
    await assert.rejects(fixture.map(), about);
    const second = await fixture.map({ apiMappingKey: "v2" });
    await assert.rejects(
      updateResource(fixture.test.gateway, second, { ...second.inputs, apiMappingKey: undefined }),
      about,
    );
    await deleteResource(fixture.test.gateway, first);
    await fixture.map();
  });

  it("is rejected for an unknown domain or stage, or with a malformed key", async () => {
    for (const [inputs, about] of [
      [{ domainName: "none.test" }, /NotFoundException: Invalid domain name identifier/],
      [{ stage: "none" }, /BadRequestException: Invalid stage identifier .*"none"/],
      [{ apiMappingKey: "/v1" }, /BadRequestException: "\/v1": An ApiMapping key may contain only/],
      [{ apiId: "none" }, /NotFoundException: Invalid API identifier/],
    ] as const)
      await assert.rejects(fixture.map(inputs), about);
  });

  it("keeps its API and stage from being deleted, until it is deleted", async () => {
    const { test, api } = fixture;
    const mapping = await fixture.map();
    await assert.rejects(
      deleteResource(test.gateway, api.stage),
      /BadRequestException: Deleting stage \$default failed/,
    );
    await assert.rejects(
      deleteResource(test.gateway, api.api),
      /BadRequestException: Deleting API .* remove all API mappings/,
    );
    assert.equal(await fixture.statusOf("/"), 200);
    await deleteResource(test.gateway, mapping);
    await deleteResource(test.gateway, mapping);
    assert.equal(await fixture.statusOf("/"), 403);
    await assert.rejects(
      updateResource(test.gateway, mapping, mapping.inputs),
      /NotFoundException: Invalid API mapping identifier/,
    );
    await deleteResource(test.gateway, api.stage);
    await deleteResource(test.gateway, api.api);
  });

  it("is replaced when its API or domain changes, and not otherwise", () => {
    const { replacing, updatable } =
      fixture.test.gateway.resourceHandlers["aws:apigatewayv2/apiMapping:ApiMapping"];
    assert.deepEqual(Object.keys(replacing), ["apiId", "domainName", "region"]);
    assert.deepEqual(updatable, ["stage", "apiMappingKey"]);
  });
});

function targetOf({ outputs }: ExistingResource): unknown {
  return (outputs.domainNameConfiguration as Record<string, unknown>).targetDomainName;
}
