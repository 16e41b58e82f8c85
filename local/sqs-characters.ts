import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { importModule } from "./import-module";

/**
 * A character that a message must not hold; SQS rejects the whole message with InvalidMessageContents. The `u` flag makes
 * a pair of surrogates one character, so that only a lone surrogate is outside the set.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
// eslint-disable-next-line no-control-regex
const NOT_ALLOWED = /[^\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

interface SqsTypes {
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
}

/**
 * Replaces the character set of fauxqs, which ends at U+FFFD, by that of SQS. fauxqs's module is not part of its public
 * interface, so it is imported by its path; package.json pins the version.
 */
export async function takeSqsCharacters(): Promise<void> {
  const path = join(packageFolder("fauxqs"), "dist/sqs/sqsTypes.js");
  const { INVALID_MESSAGE_BODY_CHAR } = await importModule<SqsTypes>(pathToFileURL(path).href);
  INVALID_MESSAGE_BODY_CHAR.test = (body) => NOT_ALLOWED.test(body);
}

/** The folder of an installed package that does not export its package.json. @throws Error when it is not installed. */
function packageFolder(name: string): string {
  for (const folder of createRequire(__filename).resolve.paths(name) ?? []) {
    try {
      return realpathSync(join(folder, name));
    } catch {
      // Not in this folder; Node looks in the next one above too.
    }
  }
  throw new Error(`The package ${name} is not installed. Run npm ci.`);
}
