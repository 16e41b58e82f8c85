import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";
import { makePrivateDirectory } from "./private-files";

/** A private key and its certificate, both PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long the authority's own certificate is valid. */
const AUTHORITY_DAYS = 3650;
/** How long a public ACM certificate is valid (https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate.html). */
const LEAF_DAYS = 395;
const COMMON = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** The certificate authority of the local cloud. Every key is ECDSA P-256, which is made in milliseconds. */
export class CertificateAuthority {
  private constructor(private readonly pair: KeyPair) {}

  /**
   * Opens the authority kept in a directory; makes one when there is none there, or it has run out.
   * @param directory where `ca-key.pem` and `ca-certificate.pem` are; without it the authority lives in memory.
   * @throws Error that names the directory, when its two files do not belong together.
   */
  static async open(directory?: string): Promise<CertificateAuthority> {
    const kept = directory === undefined ? undefined : await read(directory);
    if (kept) return new CertificateAuthority(kept);
    const made = await generateAuthority();
    if (directory !== undefined) await write(directory, made);
    return new CertificateAuthority(made);
  }

  /** The authority's certificate, PEM. */
  get certificate(): string {
    return this.pair.cert;
  }

  /** Issues a server certificate for DNS names, wildcards included; the first is its common name. */
  async issue(names: readonly string[]): Promise<KeyPair> {
    const issued = await generate([{ name: "commonName", value: names[0] }], {
      ...COMMON,
      ...validity(LEAF_DAYS),
      ca: this.pair,
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
      ],
    });
    return { key: issued.private, cert: issued.cert };
  }
}

async function generateAuthority(): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: "Tickets local cloud CA" }], {
    ...COMMON,
    ...validity(AUTHORITY_DAYS),
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** From an hour ago, so that a client whose clock is a little behind accepts it too. */
function validity(days: number): { notBeforeDate: Date; notAfterDate: Date } {
  const begin = Date.now() - 60 * 60 * 1000;
  return { notBeforeDate: new Date(begin), notAfterDate: new Date(begin + days * DAY_MS) };
}

function filesIn(directory: string): { key: string; cert: string } {
  return { key: join(directory, "ca-key.pem"), cert: join(directory, "ca-certificate.pem") };
}

async function read(directory: string): Promise<KeyPair | undefined> {
  const files = filesIn(directory);
  const [key, cert] = await Promise.all([readIfThere(files.key), readIfThere(files.cert)]);
  if (key === undefined || cert === undefined) return undefined;
  return outlastsLeaf({ key, cert }, directory) ? { key, cert } : undefined;
}

function outlastsLeaf({ key, cert }: KeyPair, directory: string): boolean {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error("the key is another one's");
    return Date.parse(certificate.validTo) > Date.now() + LEAF_DAYS * DAY_MS;
  } catch (cause) {
    throw new Error(
      `The certificate authority in ${directory} cannot be used: ca-key.pem and ca-certificate.pem do not belong together. Delete both; new ones are made.`,
      { cause },
    );
  }
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
