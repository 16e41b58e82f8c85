/** A domain name as everything here compares it: lower case, no dot at the end. The root is the empty string. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether a canonical name is the other one or lies below it. */
export function isWithin(name: string, ancestor: string): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`);
}

/** The name itself and every name above it, longest first: `a.b.c` gives `a.b.c`, `b.c`, `c`. */
export function withAncestors(name: string): string[] {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

/**
 * Checks a canonical name: labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters in all
 * (RFC 1035; underscores as Route 53 allows them, https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html).
 * @throws Error that quotes the name.
 */
export function checkDomainName(name: string, what: string): void {
  if (name.startsWith("*."))
    throw new Error(
      `${what} ${name}: the local Route 53 has no wildcard records; declare each name by itself.`,
    );
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
  if (name.length <= 253 && name.split(".").every((part) => label.test(part))) return;
  throw new Error(
    `${what} ${JSON.stringify(name)} is not a domain name: use labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 characters in all.`,
  );
}
