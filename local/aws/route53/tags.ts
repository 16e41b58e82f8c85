/** Its own words in full: `Invalid parameter : Tags can only contain letters, …`. Lengths: https://docs.aws.amazon.com/Route53/latest/APIReference/API_Tag.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * Refuses the tags that Route 53's ChangeTagsForResource refuses.
 * @param subject what is tagged, such as `Health check routing-ireland`.
 * @throws Error that begins with the subject and goes on in Route 53's words.
 */
export function checkTags(subject: string, tags: Readonly<Record<string, string>> = {}): void {
  for (const [key, value] of Object.entries(tags)) {
    const refuse = (why: string): never => {
      throw new Error(
        `${subject}: the tag ${JSON.stringify(key)}: ${JSON.stringify(value)} is refused. ${why}`,
      );
    };
    if (!ALLOWED.test(key) || !ALLOWED.test(value))
      refuse(
        "Tags can only contain letters, numbers, spaces, and the following special characters: _ . : / = + - @",
      );
    if (key.length < 1 || key.length > MAX_KEY) refuse(`A key has 1 to ${MAX_KEY} characters.`);
    if (value.length > MAX_VALUE) refuse(`A value has up to ${MAX_VALUE} characters.`);
  }
}
