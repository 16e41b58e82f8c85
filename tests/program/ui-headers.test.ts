import assert from "node:assert/strict";
import { Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

describe("uiHeaders", function () {
  this.timeout(120_000);
  let distributed: Variant[];
  before(async () => {
    distributed = (await allVariants()).filter(({ hasDomain }) => hasDomain);
  });

  it("overrides every security header of the bucket", () => {
    for (const { program } of distributed) {
      const { securityHeadersConfig, customHeadersConfig, ...others } = headersOf(program).inputs;
      assert.deepEqual(others, {});
      const { contentSecurityPolicy, ...security } = securityHeadersConfig;
      assert.equal(contentSecurityPolicy.override, true);
      assert.deepEqual(security, {
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { override: true, referrerPolicy: "no-referrer" },
        strictTransportSecurity: {
          accessControlMaxAgeSec: 2 * 365 * 24 * 60 * 60,
          includeSubdomains: false,
          override: true,
          preload: false,
        },
      });
      assert.deepEqual(customHeadersConfig.items, [
        {
          header: "Permissions-Policy",
          override: true,
          value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        },
        { header: "Cross-Origin-Opener-Policy", override: true, value: "same-origin" },
        { header: "Cross-Origin-Resource-Policy", override: true, value: "same-origin" },
      ]);
    }
  });

  it("allows connections only to the APIs in config.json, and no inline code", () => {
    for (const { program } of distributed) {
      const policy: string =
        headersOf(program).inputs.securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy;
      const directives = new Map(
        policy.split("; ").map((directive) => {
          const [name, ...sources] = directive.split(" ");
          return [name, sources];
        }),
      );
      for (const { name } of REGIONS) {
        const config = resourceNamed(program, "aws:s3/bucketObjectv2:BucketObjectv2", `${name}-page-config`);
        const { apis, failoverUrl } = JSON.parse(config.inputs.content) as {
          apis: { url: string }[];
          failoverUrl: string;
        };
        assert.deepEqual(directives.get("connect-src"), [
          "'self'",
          ...apis.map(({ url }) => url),
          failoverUrl,
        ]);
      }
      directives.delete("connect-src");
      assert.deepEqual(Object.fromEntries(directives), {
        "base-uri": ["'none'"],
        "default-src": ["'self'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
      });
    }
  });
});

function headersOf(program: Program): ProgramResource {
  return resourceNamed(
    program,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "routing-page-headers",
  );
}
