import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Fetch, FetchedResponse } from "../../../ui/src/data/region-request";
import type { Services } from "../../../local/services";

/** Time limit of a request, in milliseconds: longer than a cold start on a busy machine. */
const TIMEOUT_MS = 15_000;

/**
 * Returns a fetch that reaches the names of a cloud's hosted zones and distributions as a browser does on AWS: it asks the cloud's
 * Route 53 before each request, trusts its certificate authority and CloudFront's certificate, and opens a new connection.
 */
export function localFetch({ route53, apiGateway, acm, cloudFront }: Services): Fetch {
  return async (url, { method = "GET", headers, body, signal }) => {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const isHttps = protocol === "https:";
    const options = {
      ...{ method, agent: false as const, path: pathname + search, signal: signal ?? undefined },
      headers: { host: hostname, ...(headers as Record<string, string> | undefined) },
    };
    return new Promise<FetchedResponse>((resolve, reject) => {
      const outgoing = isHttps
        ? httpsRequest({
            ...options,
            ...{ host: addressOf(route53, hostname), port: apiGateway.httpsPort },
            ...{ servername: hostname, ca: [acm.caCertificate, cloudFront.defaultCertificate] },
          })
        : httpRequest({ ...options, host: hostname, port });
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`${url}: no response`)));
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const status = response.statusCode!;
          const get = (name: string): string | null => response.headers[name]?.toString() ?? null;
          const text = async (): Promise<string> => Buffer.concat(chunks).toString();
          resolve({ status, ok: status >= 200 && status < 300, text, headers: { get } });
        });
      });
      outgoing.end(body as string | undefined);
    });
  };
}

/** @throws Error when the name does not resolve. */
function addressOf(route53: Services["route53"], name: string): string {
  const address = route53.resolve(name, "A").find(({ type }) => type === "A")?.data;
  if (address === undefined) throw new Error(`${name} does not resolve.`);
  return address;
}
