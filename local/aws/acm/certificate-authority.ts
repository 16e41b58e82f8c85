import { id_ce_nameConstraints } from "@peculiar/asn1-x509";
import {
  SubjectKeyIdentifierExtension,
  X509Certificate as Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { authorityExtensions, LOCAL_DOMAINS, serverExtensions } from "./certificate-extensions";
import { makePrivateDirectory } from "../private-files";

/** A private key and its certificate, both PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Validity of the authority's own certificate. Machines trust it, so it is short. */
const AUTHORITY_DAYS = 730;
/** Validity of a public ACM certificate (https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate.html). */
const LEAF_DAYS = 395;
const KEYS = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURES = { name: "ECDSA", hash: "SHA-256" } as const;
const AUTHORITY_NAME = "CN=Tickets local cloud CA";

/** Certificate authority of the local cloud. Keys are ECDSA P-256, which are generated in milliseconds. */
export class CertificateAuthority {
  private constructor(private readonly pair: KeyPair) {}

  /**
   * Opens the authority in a folder. Generates a new one when the folder has none, or when that one expires soon or lacks an
   * extension that strict clients require; clients must then trust the new one.
   * @param directory folder of `ca-key.pem` and `ca-certificate.pem`; without it the authority is kept in memory.
   * @param onReplaced receives the reason when the authority in the folder is replaced.
   * @throws Error that names the folder when its two files do not belong together.
   */
  static async open(
    directory?: string,
    onReplaced: (reason: string) => void = () => undefined,
  ): Promise<CertificateAuthority> {
    if (directory === undefined) return new CertificateAuthority(await generateAuthority());
    const { pair, defect } = await read(directory);
    if (pair && defect === undefined) return new CertificateAuthority(pair);
    const made = await generateAuthority();
    await write(directory, made);
    if (defect !== undefined) onReplaced(defect);
    return new CertificateAuthority(made);
  }

  /** Certificate of the authority in PEM. */
  get certificate(): string {
    return this.pair.cert;
  }

  /**
   * Issues a server certificate for DNS names and wildcards. The first name is the common name.
   * @throws Error that contains the first name outside the local domains.
   */
  async issue(names: readonly string[]): Promise<KeyPair> {
    const foreign = names.find((name) => !LOCAL_DOMAINS.some((domain) => `.${name}`.endsWith(`.${domain}`)));
    if (foreign !== undefined)
      throw new Error(
        `The local certificate authority issues no certificate for ${foreign}: clients that trust it accept only names below ${LOCAL_DOMAINS.join(" and ")}.`,
      );
    const issuer = new Certificate(this.pair.cert);
    const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: [names[0]] }],
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey: await importKey(this.pair.key),
      signingAlgorithm: SIGNATURES,
      extensions: await serverExtensions(names, keys.publicKey, keyIdOf(issuer) as string),
      ...validity(LEAF_DAYS),
    });
    return { key: await pemOfKey(keys.privateKey), cert: certificate.toString("pem") };
  }
}

async function generateAuthority(): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: AUTHORITY_NAME,
    keys,
    signingAlgorithm: SIGNATURES,
    extensions: await authorityExtensions(keys.publicKey),
    ...validity(AUTHORITY_DAYS),
  });
  return { key: await pemOfKey(keys.privateKey), cert: certificate.toString("pem") };
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey("pkcs8", key);
  const object = createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs8" });
  return object.export({ format: "pem", type: "pkcs8" }).toString();
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const bytes = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", bytes, KEYS, false, ["sign"]);
}

function keyIdOf(certificate: Certificate): string | undefined {
  return certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
}

/** Returns a validity that begins an hour ago, so that clients whose clock is behind accept the certificate. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const begin = Date.now() - 60 * 60 * 1000;
  return { notBefore: new Date(begin), notAfter: new Date(begin + days * DAY_MS) };
}

function filesIn(directory: string): { key: string; cert: string } {
  return { key: join(directory, "ca-key.pem"), cert: join(directory, "ca-certificate.pem") };
}

/** Authority in a folder, and why it must be replaced; both are undefined for an empty folder. */
interface KeptAuthority {
  readonly pair?: KeyPair;
  readonly defect?: string;
}

async function read(directory: string): Promise<KeptAuthority> {
  const files = filesIn(directory);
  const [key, cert] = await Promise.all([readIfThere(files.key), readIfThere(files.cert)]);
  if (key === undefined && cert === undefined) return {};
  if (key === undefined) return { defect: "ca-key.pem is missing" };
  if (cert === undefined) return { defect: "ca-certificate.pem is missing" };
  return { pair: { key, cert }, defect: defectOf({ key, cert }, directory) };
}

/** Returns why an authority must be replaced: it expires before the certificates that it would issue, or lacks an extension. */
function defectOf({ key, cert }: KeyPair, directory: string): string | undefined {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      throw new Error("the key is not the certificate's");
    if (keyIdOf(new Certificate(cert)) === undefined) return "it has no key identifier";
    if (!isConstrained(new Certificate(cert))) return "it has no name constraints";
    const end = new Date(certificate.validTo);
    return end.getTime() > Date.now() + LEAF_DAYS * DAY_MS
      ? undefined
      : `it expires on ${end.toISOString().slice(0, 10)}, before the certificates that it would issue`;
  } catch (cause) {
    throw new Error(
      `The certificate authority in ${directory} cannot be used: ca-key.pem and ca-certificate.pem do not belong together. Delete both files; the next start creates new ones.`,
      { cause },
    );
  }
}

function isConstrained(certificate: Certificate): boolean {
  return certificate.getExtension(id_ce_nameConstraints) !== null;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function write(directory: string, pair: KeyPair): Promise<void> {
  const files = filesIn(directory);
  makePrivateDirectory(directory);
  await writeFile(files.key, pair.key, { mode: 0o600 });
  await writeFile(files.cert, pair.cert, { mode: 0o600 });
}
