/**
 * Returns whether a text matches an IAM pattern, in which `*` matches any number of characters and `?` exactly one.
 * The run time is at most the product of both lengths, so a policy cannot make it hang.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let lastStar = -1;
  let textAtLastStar = 0;
  while (inText < text.length) {
    if (pattern[inPattern] === "*") {
      lastStar = inPattern++;
      textAtLastStar = inText;
    } else if (pattern[inPattern] === "?" || pattern[inPattern] === text[inText]) {
      inPattern++;
      inText++;
    } else if (lastStar >= 0) {
      inPattern = lastStar + 1;
      inText = ++textAtLastStar;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

/** Case-insensitive `matchesWildcard`, as IAM compares action names. */
export function matchesWildcardIgnoringCase(pattern: string, text: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), text.toLowerCase());
}

/** Returns whether an ARN matches a pattern. Each of the six parts between colons is compared separately, as by `ArnLike`. */
export function matchesArn(pattern: string, arn: string): boolean {
  const expected = arnParts(pattern);
  const actual = arnParts(arn);
  if (expected.length !== actual.length) return false;
  return expected.every((part, index) => matchesWildcard(part, actual[index]));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
