import { escapeMarkup } from "../endpoint/errors";

/** S3's code of what a website visitor is refused for. */
export type WebsiteError =
  "AccessDenied" | "InvalidRange" | "InvalidURI" | "MethodNotAllowed" | "NoSuchKey" | "PreconditionFailed";

const ERRORS: Readonly<Record<WebsiteError, { status: number; reason: string; message: string }>> = {
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
  NoSuchKey: { status: 404, reason: "Not Found", message: "The specified key does not exist." },
  PreconditionFailed: {
    status: 412,
    reason: "Precondition Failed",
    message: "At least one of the pre-conditions you specified did not hold",
  },
};

/**
 * The page that S3's website endpoint sends for an error when there is no error document.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html
 */
export function errorPage(
  error: WebsiteError,
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
