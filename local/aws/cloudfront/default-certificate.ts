import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { createPrivateKey, webcrypto } from "node:crypto";
import type { KeyPair } from "../acm/certificate-authority";

const KEYS = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURES = { name: "ECDSA", hash: "SHA-256" } as const;
const VALID_MS = 395 * 24 * 60 * 60 * 1000;

/**
 * Creates the certificate of CloudFront's own names. It signs itself, and its key exists in memory only: the local certificate authority,
 * which users trust, must not issue certificates for a domain of the Internet.
 */
export async function createDefaultCertificate(): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=*.cloudfront.net",
    keys,
    signingAlgorithm: SIGNATURES,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "*.cloudfront.net" }])],
    notBefore: new Date(now - 60 * 60 * 1000),
    notAfter: new Date(now + VALID_MS),
  });
  const key = createPrivateKey({
    key: Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)),
    format: "der",
    type: "pkcs8",
  });
  return {
    key: key.export({ format: "pem", type: "pkcs8" }).toString(),
    cert: certificate.toString("pem"),
  };
}
