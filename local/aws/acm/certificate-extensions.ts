import type { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from "@peculiar/x509";
import { OctetString, AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";

/**
 * Domains that no one can register. A machine that trusts the authority therefore trusts it for no Internet site.
 * https://www.rfc-editor.org/rfc/rfc6761#section-6
 */
export const LOCAL_DOMAINS: readonly string[] = ["test", "localhost"];

// The extensions are those that strict clients require, such as Python's VERIFY_X509_STRICT and `openssl verify -x509_strict`:
// https://www.rfc-editor.org/rfc/rfc5280#section-4.2

/** Extensions of the authority's own certificate. It may sign servers below `LOCAL_DOMAINS`, and no other authority. */
export async function authorityExtensions(publicKey: webcrypto.CryptoKey): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(publicKey),
    new Extension(id_ce_nameConstraints, true, nameConstraints()),
  ];
}

/** Extensions of a server certificate for DNS names. */
export async function serverExtensions(
  names: readonly string[],
  publicKey: webcrypto.CryptoKey,
  authorityKeyId: string,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
    await SubjectKeyIdentifierExtension.create(publicKey),
    new AuthorityKeyIdentifierExtension(authorityKeyId),
  ];
}

/** Permits names below the local domains and excludes all IP addresses: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10 */
function nameConstraints(): ArrayBuffer {
  const permitted = LOCAL_DOMAINS.map((dNSName) => new GeneralName({ dNSName }));
  // Address and mask of zeros: all IPv4 addresses (8 bytes) and all IPv6 addresses (32 bytes).
  const excluded = [8, 32].map((bytes) => everyAddress(bytes));
  return AsnConvert.serialize(
    new NameConstraints({ permittedSubtrees: subtrees(permitted), excludedSubtrees: subtrees(excluded) }),
  );
}

function everyAddress(bytes: number): GeneralName {
  const octets = AsnConvert.serialize(new OctetString(bytes));
  const tagged = Buffer.from(octets);
  // Tag of iPAddress in GeneralName: [7] IMPLICIT OCTET STRING.
  tagged[0] = 0x87;
  return AsnConvert.parse(tagged, GeneralName);
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })));
}
