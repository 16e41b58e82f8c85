import type { IncomingMessage, ServerResponse } from "node:http";

/** Documents that every site may read: they hold nothing secret. */
const PUBLIC_PATH = /^\/(\.well-known\/|jwks$)/;

/** Headers of every response. `origins` are those of the web UIs, to which forms lead in the end. */
export function securityHeaders(origins: readonly string[]): Record<string, string> {
  return {
    // Browsers apply form-action to the redirects that follow a form: https://github.com/w3c/webappsec-csp/issues/8
    "content-security-policy": `default-src 'none'; style-src 'self'; script-src 'self'; form-action ${["'self'", ...origins].join(" ")}; base-uri 'none'; frame-ancestors 'none'`,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // With `no-referrer`, browsers send `Origin: null` with the issuer's own forms.
    "referrer-policy": "same-origin",
  };
}

/**
 * Sends 403 to scripts and forms of sites that are neither the issuer nor a web UI. `oidc-provider` accepts preflights of every site.
 * @returns whether it has responded.
 */
export function rejectForeignOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  origins: readonly string[],
): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || PUBLIC_PATH.test(path)) return false;
  if (origin === `http://${host}` || origins.includes(origin)) return false;
  request.resume();
  const description = `The origin ${JSON.stringify(origin)} is not that of a web UI of the local cloud.`;
  response.writeHead(403, { "content-type": "application/json", vary: "origin" });
  response.end(JSON.stringify({ error: "access_denied", error_description: description }));
  return true;
}

/**
 * Lets the scripts of an accepted origin read a response, and answers its preflight.
 * @returns whether it has responded.
 */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  response.setHeader("vary", "origin");
  if (origin !== undefined) response.setHeader("access-control-allow-origin", origin);
  if (request.method !== "OPTIONS") return false;
  const headers = { "access-control-allow-methods": "GET", "access-control-allow-headers": "authorization" };
  response.writeHead(204, headers).end();
  return true;
}
