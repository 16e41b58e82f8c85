/** Characters that Route 53 allows in tags; its error is `Invalid parameter : Tags can only contain letters, …`. Lengths: https://docs.aws.amazon.com/Route53/latest/APIReference/API_Tag.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * Checks tags as Route 53's ChangeTagsForResource does.
 * @param subject tagged resource, such as `Health check routing-ireland`.
 * @throws Error that begins with the subject and contains Route 53's message.
 */
export function checkTags(subject: string, tags: Readonly<Record<string, string>> = {}): void {
  for (const [key, value] of Object.entries(tags)) {
    const reject = (why: string): never => {
      throw new Error(
        `${subject}: the tag ${JSON.stringify(key)}: ${JSON.stringify(value)} is invalid. ${why}`,
      );
    };
    if (!ALLOWED.test(key) || !ALLOWED.test(value))
      reject(
        "Tags can only contain letters, numbers, spaces, and the following special characters: _ . : / = + - @",
      );
    if (key.length < 1 || key.length > MAX_KEY) reject(`A key has 1 to ${MAX_KEY} characters.`);
    if (value.length > MAX_VALUE) reject(`A value has up to ${MAX_VALUE} characters.`);
  }
}
