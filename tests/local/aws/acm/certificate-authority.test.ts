import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AsnConvert } from "@peculiar/asn1-schema";
import { id_ce_nameConstraints, NameConstraints } from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";
import { CertificateAuthority } from "../../../../local/aws/acm/certificate-authority";
import { serverExtensions } from "../../../../local/aws/acm/certificate-extensions";
import { closeServer, listen } from "../../../../local/aws/listen";

const NAMES = ["tickets.test", "*.tickets.test"];
const DAY_MS = 86_400_000;
const KEYS = { name: "ECDSA", namedCurve: "P-256" } as const;

describe("CertificateAuthority", () => {
  let directory: string;
  let authority: CertificateAuthority;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "authority-test-"));
    authority = await CertificateAuthority.open();
  });
  after(() => rm(directory, { recursive: true }));

  async function saved(name: string, pem: string): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, pem);
    return file;
  }

  it("has the extensions that RFC 5280 requires of an authority", async () => {
    const certificate = new x509.X509Certificate(authority.certificate);
    const basic = certificate.getExtension(x509.BasicConstraintsExtension);
    assert.deepEqual([basic?.ca, basic?.pathLength, basic?.critical], [true, 0, true]);
    const usages = certificate.getExtension(x509.KeyUsagesExtension);
    const signing = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
    assert.deepEqual([usages?.usages, usages?.critical], [signing, true]);
    const keyId = certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
    assert.match(keyId ?? "", /^[0-9a-f]{40}$/);
    assert.equal(certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId, keyId);
    const days = (certificate.notAfter.getTime() - Date.now()) / DAY_MS;
    assert.ok(days > 395 && days <= 730, `it is valid for ${days} days`);
  });

  it("is constrained to names that no one can register, and excludes IP addresses", () => {
    const extension = new x509.X509Certificate(authority.certificate).getExtension(id_ce_nameConstraints);
    assert.equal(extension?.critical, true);
    const { permittedSubtrees, excludedSubtrees } = AsnConvert.parse(extension.value, NameConstraints);
    assert.deepEqual(
      Array.from(permittedSubtrees ?? [], ({ base }) => base.dNSName),
      ["test", "localhost"],
    );
    assert.equal(excludedSubtrees?.length, 2);
  });

  it("issues certificates with the extensions that RFC 5280 requires of a server", async () => {
    const { cert, key } = await authority.issue(NAMES);
    const certificate = new x509.X509Certificate(cert);
    const parsed = new X509Certificate(cert);
    assert.ok(parsed.checkPrivateKey(createPrivateKey(key)));
    assert.ok(parsed.verify(new X509Certificate(authority.certificate).publicKey));
    assert.equal(parsed.subjectAltName, "DNS:tickets.test, DNS:*.tickets.test");
    assert.equal(parsed.ca, false);
    assert.deepEqual(parsed.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(certificate.getExtension(x509.BasicConstraintsExtension)?.critical, true);
    const usages = certificate.getExtension(x509.KeyUsagesExtension);
    assert.deepEqual([usages?.usages, usages?.critical], [x509.KeyUsageFlags.digitalSignature, true]);
    assert.match(certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId ?? "", /^[0-9a-f]{40}$/);
    assert.equal(
      certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId,
      new x509.X509Certificate(authority.certificate).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
    assert.match(parsed.serialNumber, /^[0-7]?[0-9A-F]+$/);
  });

  it("rejects a name outside the local domains, and lists those", async () => {
    for (const name of ["example.com", "nottest", "test.com", "127.0.0.1", "contest"])
      await assert.rejects(authority.issue(["tickets.test", name]), {
        message: new RegExp(`no certificate for ${name}: .* only names below test and localhost`),
      });
  });

  /** Returns why `openssl verify -x509_strict` rejects a certificate; undefined if it accepts it. */
  async function opensslRefusal(cert: string, ca = authority.certificate): Promise<string | undefined> {
    const [caFile, certFile] = [await saved("ca.pem", ca), await saved("leaf.pem", cert)];
    const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", caFile, certFile];
    const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
    return status === 0 ? undefined : stdout + stderr;
  }

  describe("in strict clients", () => {
    it("is accepted by openssl verify -x509_strict", async function () {
      if (!hasCommand("openssl", "version")) return skip(this, "openssl is not installed");
      const { cert } = await authority.issue(NAMES);
      assert.equal(await opensslRefusal(cert), undefined);
    });

    it("cannot certify an Internet name or an IP address, even with its key", async function () {
      if (!hasCommand("openssl", "version")) return skip(this, "openssl is not installed");
      const kept = join(directory, "forger");
      const forger = await CertificateAuthority.open(kept);
      for (const name of [
        { type: "dns", value: "example.com" } as const,
        { type: "ip", value: "127.0.0.1" } as const,
      ]) {
        const cert = await forge(await readFile(join(kept, "ca-key.pem"), "utf8"), forger.certificate, name);
        assert.match((await opensslRefusal(cert, forger.certificate)) ?? "", /subtree violation/);
      }
    });

    it("is accepted by Python's TLS with VERIFY_X509_STRICT", async function () {
      if (!hasCommand("python3", "--version")) return skip(this, "python3 is not installed");
      const server = https.createServer(await authority.issue(NAMES), (_request, response) =>
        response.end("ok"),
      );
      const port = await listen(server, { port: 0, purpose: "the TLS test" });
      const script = [
        "import socket, ssl, sys",
        "context = ssl.create_default_context(cafile=sys.argv[1])",
        "context.verify_flags |= ssl.VERIFY_X509_STRICT",
        "connection = socket.create_connection(('127.0.0.1', int(sys.argv[2])), timeout=10)",
        "print(context.wrap_socket(connection, server_hostname='api.tickets.test').version())",
      ].join("\n");
      try {
        const caFile = await saved("python-ca.pem", authority.certificate);
        const { stdout } = await promisify(execFile)("python3", ["-c", script, caFile, String(port)]);
        assert.match(stdout, /^TLSv1\.[23]/);
      } finally {
        await closeServer(server);
      }
    });
  });
});

function hasCommand(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Skips a test and prints the reason. */
function skip(context: Mocha.Context, why: string): void {
  if (context.test) context.test.title += ` (skipped: ${why})`;
  context.skip();
}

/** Creates a certificate that the authority would not issue, signed with its key. */
async function forge(key: string, ca: string, name: { type: "dns" | "ip"; value: string }): Promise<string> {
  const issuer = new x509.X509Certificate(ca);
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const keyId = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId as string;
  const extensions = (await serverExtensions([name.value], keys.publicKey, keyId)).filter(
    (extension) => !(extension instanceof x509.SubjectAlternativeNameExtension),
  );
  const pkcs8 = createPrivateKey(key).export({ format: "der", type: "pkcs8" });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: "O=Forged",
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, KEYS, false, ["sign"]),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    extensions: [...extensions, new x509.SubjectAlternativeNameExtension([name])],
  });
  return certificate.toString("pem");
}
