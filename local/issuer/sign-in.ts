import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import type { Log } from "../aws/log";
import { readToEnd } from "../aws/read-body";
import { messagePage, signInPage } from "./pages";
import { USERS } from "./users";

/** Start of the paths of sign-ins, before their id. */
const SIGN_IN_PATH = "/sign-in/";

const MAXIMUM_BODY_BYTES = 1024;

/** Returns the path of a sign-in. */
export function signInPath(id: string): string {
  return SIGN_IN_PATH + id;
}

/** Whether a path is that of a sign-in. */
export function isSignInPath(path: string): boolean {
  return path.startsWith(SIGN_IN_PATH);
}

/** Serves the sign-in form, and continues the authorization request with the user who was chosen. */
export async function handleSignIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  const choice = request.method === "POST" ? await readForm(request) : undefined;
  const interaction = await provider.interactionDetails(request, response).catch((error: Error) => {
    if (error.name !== "SessionNotFound") throw error;
    return undefined;
  });
  // The cookie belongs to the path of its sign-in, so another path has another cookie, or none.
  if (!interaction || request.url !== signInPath(interaction.uid))
    return sendPage(
      response,
      400,
      messagePage(
        "This sign-in has ended",
        "It was completed, took too long, or began in another browser. Go back to the web UI and sign in again.",
      ),
    );
  if (choice === undefined) return sendPage(response, 200, signInPage(request.url));
  const user = USERS.find(({ key }) => key === choice.get("user"));
  if (!user)
    return sendPage(
      response,
      400,
      messagePage(
        "Unknown user",
        `The users are ${USERS.map(({ key }) => key).join(" and ")}. Go back and choose one of them.`,
      ),
    );
  log("issuer", `${user.name} signs in to ${String(interaction.params.client_id)}.`);
  const result = { login: { accountId: user.sub, amr: ["user"] } };
  const next = await provider.interactionResult(request, response, result, {
    mergeWithLastSubmission: false,
  });
  response.writeHead(303, { location: next, "cache-control": "no-store" }).end();
}

/** Sends a page that no cache keeps. */
function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(html);
}

/** Returns the fields of a form; none if it is too long. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const body = await readToEnd(request, MAXIMUM_BODY_BYTES);
  return new URLSearchParams(body?.toString());
}
