import assert from "node:assert/strict";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { LocalAcm } from "../../../../local/aws/acm/acm";
import { CertificateAuthority } from "../../../../local/aws/acm/certificate-authority";
import { authorityExtensions } from "../../../../local/aws/acm/certificate-extensions";

const NAMES = ["tickets.test", "*.tickets.test"];
const DAY_MS = 86_400_000;
const KEYS = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Properties of an authority of an earlier version. */
interface OldAuthority {
  readonly days: number;
  readonly keyId: boolean;
}

describe("CertificateAuthority in a folder", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "kept-authority-test-"));
  });
  after(() => rm(directory, { recursive: true }));

  /** Opens the authority in a folder and returns it with the reported reasons for a replacement. */
  async function open(kept: string): Promise<{ opened: CertificateAuthority; reasons: string[] }> {
    const reasons: string[] = [];
    return { opened: await CertificateAuthority.open(kept, (reason) => reasons.push(reason)), reasons };
  }

  const defects: readonly [string, OldAuthority | undefined, RegExp][] = [
    ["has no key identifier", { days: 3650, keyId: false }, /^it has no key identifier$/],
    ["has no name constraints", { days: 3650, keyId: true }, /^it has no name constraints$/],
    ["expires soon", undefined, /^it expires on \d{4}-\d\d-\d\d, before the certificates/],
  ];
  for (const [what, parts, reason] of defects)
    it(`is replaced once, and reports why, when it ${what}`, async () => {
      const kept = join(directory, what.replaceAll(" ", "-"));
      await mkdir(kept);
      const old = parts ? await oldAuthority(parts) : await expiringAuthority();
      await writeFile(join(kept, "ca-key.pem"), old.key);
      await writeFile(join(kept, "ca-certificate.pem"), old.cert);
      const { opened, reasons } = await open(kept);
      assert.equal(reasons.length, 1);
      assert.match(reasons[0], reason);
      assert.notEqual(opened.certificate, old.cert);
      assert.equal(await readFile(join(kept, "ca-certificate.pem"), "utf8"), opened.certificate);
      const again = await open(kept);
      assert.deepEqual([again.opened.certificate, again.reasons], [opened.certificate, []]);
      const { cert } = await opened.issue(NAMES);
      assert.ok(new X509Certificate(cert).verify(new X509Certificate(opened.certificate).publicKey));
    });

  for (const file of ["ca-key.pem", "ca-certificate.pem"])
    it(`is replaced, and reports why, when ${file} is missing`, async () => {
      const kept = join(directory, `without-${file}`);
      const first = await open(kept);
      assert.deepEqual(first.reasons, [], "the first authority replaces none");
      await rm(join(kept, file));
      const { opened, reasons } = await open(kept);
      assert.deepEqual(reasons, [`${file} is missing`]);
      assert.notEqual(opened.certificate, first.opened.certificate);
    });

  it("is reported in one log line by the start that replaces it", async () => {
    const kept = join(directory, "reported");
    const route53 = { resolve: () => [] };
    const lines: string[] = [];
    const log = (source: string, line: string): void => void lines.push(`${source}: ${line}`);
    await LocalAcm.create({ route53, directory: kept, log });
    assert.deepEqual(lines, []);
    await rm(join(kept, "ca-key.pem"));
    await LocalAcm.create({ route53, directory: kept, log });
    assert.deepEqual(lines, [
      `certificates: The certificate authority in ${kept} was replaced, because ca-key.pem is missing. Clients must trust the new one.`,
    ]);
  });
});

/** Creates an authority as earlier versions did. */
async function oldAuthority({ days, keyId }: OldAuthority): Promise<{ key: string; cert: string }> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Tickets local cloud CA",
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    notAfter: new Date(Date.now() + days * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ...(keyId ? [await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)] : []),
    ],
  });
  return pemOf(keys, certificate);
}

/** Creates an authority that has all extensions and is valid for one more month. */
async function expiringAuthority(): Promise<{ key: string; cert: string }> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Tickets local cloud CA",
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    extensions: await authorityExtensions(keys.publicKey),
  });
  return pemOf(keys, certificate);
}

async function pemOf(
  { privateKey }: webcrypto.CryptoKeyPair,
  certificate: x509.X509Certificate,
): Promise<{ key: string; cert: string }> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { key: key.export({ format: "pem", type: "pkcs8" }).toString(), cert: certificate.toString("pem") };
}
