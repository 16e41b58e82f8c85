/** Returns the canonical form of a domain name: lower case, no dot at the end. The root is the empty string. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether a canonical name equals another one or is below it. */
export function isWithin(name: string, ancestor: string): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`);
}

/** Returns the name and every name above it, longest first: `a.b.c`, `b.c` and `c` for `a.b.c`. */
export function withAncestors(name: string): string[] {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

/**
 * Checks a canonical name: labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 characters in total
 * (RFC 1035; Route 53 also allows underscores, https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html).
 * @param what kind of name, for the message.
 * @throws Error that quotes the name.
 */
export function checkDomainName(name: string, what: string): void {
  if (name.startsWith("*."))
    throw new Error(
      `${what} ${name}: the local Route 53 has no wildcard records; declare each name separately.`,
    );
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
  if (name.length <= 253 && name.split(".").every((part) => label.test(part))) return;
  throw new Error(
    `${what} ${JSON.stringify(name)} is not a domain name: use labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 characters in total.`,
  );
}
