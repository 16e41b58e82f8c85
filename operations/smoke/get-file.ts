import { type ApiCall, sendRequest } from "../cli/http-request";

/** File that a web server returned. */
export interface ReceivedFile {
  readonly status: number;
  /** Content type without parameters, in lower case; empty without one. */
  readonly type: string;
  readonly text: string;
}

/** Timeout of a request, in milliseconds. CloudFront can need seconds to fail over to its second origin. */
const LIMIT_MS = 10_000;

/**
 * Reads a file from a web server.
 * @param route where the request goes, if not where the system resolves its host to, and what ends it early.
 * @throws Error with a short reason, if there is no complete response within ten seconds.
 */
export async function getFile(
  url: string,
  route: Pick<ApiCall, "addresses" | "ca" | "signal"> = {},
): Promise<ReceivedFile> {
  const addresses = route.addresses ?? loopbackOf(new URL(url).hostname);
  const { status, headers, text } = await sendRequest({
    ...route,
    ...{ method: "GET", url, addresses, limitMs: LIMIT_MS },
  });
  const type = (headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  return { status, type, text };
}

/** Names under `localhost` are loopback addresses, but not every resolver knows them: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function loopbackOf(hostname: string): string[] | undefined {
  return hostname.endsWith(".localhost") ? ["127.0.0.1"] : undefined;
}
