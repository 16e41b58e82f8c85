import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Two years, as recommended by https://hstspreload.org. */
const HSTS_SECONDS = 63_072_000;

/** Denies browser features that the web UI does not use. */
const PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/**
 * Creates the response headers policy with the security headers of the web UI.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 * @param apiUrls the only other origins that the web UI may call.
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
        // Subdomains and the preload list, from which a removal takes months, are the decision of the domain owner.
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

/** Allows scripts, styles and images only from the web UI's own files, and nothing inline. https://www.w3.org/TR/CSP3/ */
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
