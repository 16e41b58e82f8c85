import type { RestAnswer, RestRequest } from "../s3/rest";
import { errorAnswer } from "./error-answer";
import type { Distribution, OriginAnswer } from "./model";

/** Asks the bucket behind a domain name; undefined when nothing answers there. */
export type AskBucket = (domainName: string, request: RestRequest) => Promise<RestAnswer | undefined>;

/**
 * Asks a distribution's origins in their order until one answers with a status that is none of the failover's. An origin to
 * which no connection can be made counts as status 503.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
 * @param path of the object, percent-encoded, from its first slash.
 * @throws Error when a bucket's policy cannot be judged.
 */
export async function askOrigins(
  { origins, failoverStatuses }: Pick<Distribution, "origins" | "failoverStatuses">,
  path: string,
  ifNoneMatch: string | undefined,
  ask: AskBucket,
): Promise<OriginAnswer> {
  let answer = errorAnswer(503, "The distribution has no origin.");
  for (const { domainName, signedAs } of origins) {
    answer =
      (await ask(domainName, { path, ifNoneMatch, service: signedAs })) ??
      errorAnswer(
        503,
        `We can't connect to the server for this app or website at this time (${domainName}).`,
      );
    if (!failoverStatuses.includes(answer.status)) return answer;
  }
  return answer;
}
