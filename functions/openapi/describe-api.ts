import { apiHandler, ApiHandler, Operation } from "../http/api";
import { DOCUMENT_TEXT } from "./document";

/** `GET /openapi.json`. Returns 200 with the document, which only a deployment changes. */
function describeApiOperation(): Operation {
  const document: unknown = JSON.parse(DOCUMENT_TEXT);
  return async () => ({
    status: 200,
    body: document,
    headers: { "cache-control": "public, max-age=300" },
  });
}

/** Callback factory of `GET /openapi.json`. */
export function describeApi(): ApiHandler {
  return apiHandler("describeApi", describeApiOperation());
}
