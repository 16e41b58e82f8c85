import { escapeMarkup } from "../../../shared/escape-markup";
import type { ReadError } from "./read-object";

/** Error code of S3. */
export type S3Error = ReadError | "InvalidURI" | "MethodNotAllowed" | "NoSuchBucket";

const ERRORS: Readonly<Record<S3Error, { status: number; reason: string; message: string }>> = {
  AccessDenied: { status: 403, reason: "Forbidden", message: "Access Denied" },
  InvalidRange: {
    status: 416,
    reason: "Requested Range Not Satisfiable",
    message: "The requested range is not satisfiable",
  },
  InvalidURI: { status: 400, reason: "Bad Request", message: "Couldn't parse the specified URI." },
  MethodNotAllowed: {
    status: 405,
    reason: "Method Not Allowed",
    message: "The specified method is not allowed against this resource.",
  },
  NoSuchBucket: { status: 404, reason: "Not Found", message: "The specified bucket does not exist" },
  NoSuchKey: { status: 404, reason: "Not Found", message: "The specified key does not exist." },
  PreconditionFailed: {
    status: 412,
    reason: "Precondition Failed",
    message: "At least one of the pre-conditions you specified did not hold",
  },
};

/**
 * Returns the page that S3's website endpoint sends for an error without an error document.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html
 */
export function errorPage(
  error: S3Error,
  key: string,
): { readonly status: number; readonly message: string; readonly html: string } {
  const { status, reason, message } = ERRORS[error];
  const title = `${status} ${reason}`;
  const facts = [`Code: ${error}`, `Message: ${message}`, ...(key === "" ? [] : [`Key: ${key}`])];
  const html =
    `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n<ul>\n` +
    `${facts.map((fact) => `<li>${escapeMarkup(fact)}</li>`).join("\n")}\n</ul>\n</body>\n</html>\n`;
  return { status, message, html };
}

/**
 * Returns the document that S3's REST API sends for an error.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function errorDocument(
  error: S3Error,
  key: string,
): { readonly status: number; readonly xml: string } {
  const { status, message } = ERRORS[error];
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error}</Code><Message>${escapeMarkup(message)}</Message>` +
    `<Key>${escapeMarkup(key)}</Key></Error>`;
  return { status, xml };
}
