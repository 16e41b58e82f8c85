import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unwrapSecrets } from "../../../local/pulumi/secrets";

const secret = (value: unknown): Record<string, unknown> => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("unwrapSecrets", () => {
  it("unwraps secrets at every depth, including a secret in a secret", () => {
    const inputs = { a: secret("x"), list: [secret({ b: secret(1) })], plain: { c: null, d: undefined } };
    assert.deepEqual(unwrapSecrets(inputs), {
      a: "x",
      list: [{ b: 1 }],
      plain: { c: null, d: undefined },
    });
  });

  it("leaves an object unchanged that only has a value", () => {
    assert.deepEqual(unwrapSecrets({ value: "x" }), { value: "x" });
    assert.deepEqual(unwrapSecrets({ "4dabf18193072939515e22adb298388d": "another", value: 1 }), {
      "4dabf18193072939515e22adb298388d": "another",
      value: 1,
    });
  });

  it("leaves archives and assets unchanged", () => {
    const archive = new pulumi.asset.AssetArchive({ file: new pulumi.asset.StringAsset("text") });
    assert.equal((unwrapSecrets({ code: secret(archive) }) as { code: unknown }).code, archive);
  });
});
