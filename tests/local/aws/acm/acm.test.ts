import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { LocalAcm } from "../../../../local/aws/acm/acm";
import { closeServer, listen } from "../../../../local/aws/listen";
import { OpenAcm } from "./open-acm";

describe("LocalAcm", () => {
  let open: OpenAcm;
  let acm: LocalAcm;

  beforeEach(async () => {
    open = await OpenAcm.open();
    acm = open.acm;
  });

  afterEach(() => acm.close());

  it("returns an ARN of the resource's region, with the certificate pending validation", async () => {
    const { id, outputs } = await open.certificate({}, "ap-southeast-1");
    assert.match(
      id,
      /^arn:aws:acm:ap-southeast-1:000000000000:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    assert.equal(outputs.arn, id);
    assert.equal(outputs.status, "PENDING_VALIDATION");
    assert.deepEqual(outputs.subjectAlternativeNames, ["tickets.test", "*.tickets.test"]);
  });

  it("requires one CNAME for a domain and its wildcard, the same in every region, and another for another domain", async () => {
    const ireland = await open.certificate({}, "eu-west-1");
    const singapore = await open.certificate({}, "ap-southeast-1");
    const other = await open.certificate({ domainName: "other.test", subjectAlternativeNames: [] });
    assert.deepEqual(ireland.options, singapore.options);
    assert.deepEqual(
      ireland.options.map(({ domainName }) => domainName),
      ["tickets.test", "*.tickets.test"],
    );
    const [apex, wildcard] = ireland.options;
    assert.deepEqual({ ...wildcard, domainName: apex.domainName }, apex);
    assert.match(apex.resourceRecordName, /^_[0-9a-f]{32}\.tickets\.test\.$/);
    assert.match(apex.resourceRecordValue, /^_[0-9a-f]{32}\.[0-9a-f]{10}\.acm-validations\.aws\.$/);
    assert.equal(apex.resourceRecordType, "CNAME");
    assert.notEqual(other.options[0].resourceRecordValue, apex.resourceRecordValue);
  });

  it("issues a certificate for all its names, which clients of the authority trust", async () => {
    const { id, options } = await open.certificate();
    open.prove(options);
    const validated = await open.validate(id, {
      validationRecordFqdns: [options[0].resourceRecordName.slice(0, -1)],
    });
    assert.equal(validated.outputs.certificateArn, id);
    const server = https.createServer(acm.keyPairOf(id));
    const port = await listen(server, { port: 0, purpose: "a test" });
    try {
      for (const name of ["tickets.test", "api.tickets.test"])
        assert.equal(await authorizationError(port, name, acm.caCertificate), undefined);
      assert.match((await authorizationError(port, "other.test", acm.caCertificate)) ?? "", /not match/);
      const otherAcm = await LocalAcm.create({ route53: open });
      assert.notEqual(await authorizationError(port, "tickets.test", otherAcm.caCertificate), undefined);
    } finally {
      await closeServer(server);
    }
    const leaf = new X509Certificate(acm.keyPairOf(id).cert);
    const days = (Date.parse(leaf.validTo) - Date.now()) / 86_400_000;
    assert.ok(days > 365 && days < 398, `the certificate is valid for ${days} days`);
    assert.equal(leaf.ca, false);
  });

  it("issues nothing while the CNAME is missing or has another value, and names it", async () => {
    const { id, options } = await open.certificate();
    const [{ resourceRecordName, resourceRecordValue }] = options;
    const message = new RegExp(
      `cannot be issued for tickets.test: its validation record ${resourceRecordName} CNAME ${resourceRecordValue} is in no hosted zone`,
    );
    await assert.rejects(open.validate(id), { message });
    open.records.set(resourceRecordName, "_wrong.acm-validations.aws");
    await assert.rejects(open.validate(id), { message: /resolves to _wrong\.acm-validations\.aws/ });
    assert.throws(() => acm.keyPairOf(id), { message: /\(tickets\.test\) is not issued/ });
  });

  it("names the record that is missing in validationRecordFqdns", async () => {
    const { id, options } = await open.certificate({ subjectAlternativeNames: ["other.test"] });
    open.prove(options);
    await assert.rejects(open.validate(id, { validationRecordFqdns: [options[0].resourceRecordName] }), {
      message: new RegExp(
        `validationRecordFqdns lacks ${options[1].resourceRecordName}, the record for other.test`,
      ),
    });
  });

  it("rejects a validation from another region or of an unknown certificate", async () => {
    const { id, options } = await open.certificate({}, "ap-southeast-1");
    open.prove(options);
    await assert.rejects(open.validate(id), { message: /cannot be validated from eu-west-1/ });
    await assert.rejects(open.validate("arn:none"), { message: /There is no certificate arn:none/ });
    assert.throws(() => acm.keyPairOf("arn:none"), { message: /There is no certificate arn:none/ });
  });

  it("rejects inputs that it does not emulate, by name", async () => {
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ domainName: undefined }, /domainName: give the name of the certificate/],
      [
        { validationMethod: "EMAIL" },
        /validationMethod: "EMAIL" of tickets\.test is not emulated; use "DNS"/,
      ],
      [{ privateKey: "pem" }, /does not support privateKey of .*\. The local ACM issues public certificates/],
      [{ certificateAuthorityArn: "arn" }, /does not support certificateAuthorityArn/],
      [{ keyAlgorithm: "RSA_2048" }, /does not support keyAlgorithm of .*P-256/],
      [{ domainName: `${"x".repeat(60)}.test` }, /longer than 64 characters/],
    ];
    for (const [inputs, message] of cases) await assert.rejects(open.certificate(inputs), { message });
  });

  describe("with a directory", () => {
    let directory: string;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "acm-test-"));
    });

    afterEach(() => rm(directory, { recursive: true }));

    const openKept = (): Promise<LocalAcm> =>
      LocalAcm.create({ route53: open, directory: join(directory, "ca") });

    it("keeps its authority across restarts, with a key that only its owner can read", async () => {
      const [first, second] = [await openKept(), await openKept()];
      assert.equal(second.caCertificate, first.caCertificate);
      assert.notEqual(acm.caCertificate, first.caCertificate);
      assert.equal(await readFile(join(directory, "ca", "ca-certificate.pem"), "utf8"), first.caCertificate);
      assert.equal((await stat(join(directory, "ca", "ca-key.pem"))).mode & 0o777, 0o600);
    });

    it("explains how to repair an authority whose files do not belong together", async () => {
      await openKept();
      await writeFile(join(directory, "ca", "ca-certificate.pem"), acm.caCertificate);
      await assert.rejects(openKept(), { message: /do not belong together\. Delete both/ });
    });
  });
});

/** Returns why a TLS client does not trust the server under a name; undefined if it does. */
function authorizationError(port: number, name: string, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: "127.0.0.1", port, servername: name, ca }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on("error", (error) => resolve(error.message));
  });
}
