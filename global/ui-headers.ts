import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Two years, as https://hstspreload.org advises: a browser that came once in that time never asks over plain HTTP. */
const HSTS_SECONDS = 63_072_000;

/** What a page of tickets never asks a browser for. */
const PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/**
 * The security headers of every answer of the page's distribution.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 * @param apiUrls the only addresses beside its own that the page may call.
 */
export function uiHeaders(
  name: string,
  apiUrls: readonly pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): aws.cloudfront.ResponseHeadersPolicy {
  const override = true;
  return new aws.cloudfront.ResponseHeadersPolicy(
    name,
    {
      securityHeadersConfig: {
        contentSecurityPolicy: {
          contentSecurityPolicy: pulumi.all([...apiUrls]).apply(contentSecurityPolicy),
          override,
        },
        contentTypeOptions: { override },
        frameOptions: { frameOption: "DENY", override },
        referrerPolicy: { referrerPolicy: "no-referrer", override },
        // Names below the page's are the domain owner's to decide about, and so is a browser's preload list, which forgets nothing.
        strictTransportSecurity: {
          accessControlMaxAgeSec: HSTS_SECONDS,
          includeSubdomains: false,
          preload: false,
          override,
        },
      },
      customHeadersConfig: {
        items: [
          { header: "Permissions-Policy", value: PERMISSIONS_POLICY, override },
          { header: "Cross-Origin-Opener-Policy", value: "same-origin", override },
          { header: "Cross-Origin-Resource-Policy", value: "same-origin", override },
        ],
      },
    },
    opts,
  );
}

/** Scripts, styles and images come from the page's own files alone; nothing inline. https://www.w3.org/TR/CSP3/ */
function contentSecurityPolicy(apiUrls: readonly string[]): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ${apiUrls.join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
