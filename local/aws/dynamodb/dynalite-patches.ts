import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";

/** Replacement of a text in a module of dynalite. */
interface Replacement {
  readonly find: string;
  readonly by: string;
  /** Expected number of occurrences; 1 by default. */
  readonly times?: number;
}

/** Corrections of dynalite's code, by module, for differences from AWS that cannot be corrected from outside. */
const PATCHES: Readonly<Record<string, readonly Replacement[]>> = {
  "dynalite/db": [
    // Keys and items are measured in bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    {
      find: "if (type == 'B') keyPiece = Buffer.from(keyPiece, 'base64')",
      by: "keyPiece = Buffer.from(keyPiece, type == 'B' ? 'base64' : 'utf8')",
    },
    { find: "case 'S':\n    return val.length", by: "case 'S':\n    return Buffer.byteLength(val)" },
    { find: "(compress ? 1 : attr.length)", by: "(compress ? 1 : Buffer.byteLength(attr))" },
    // Strings are compared by the bytes of their UTF-8: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
    {
      find: "if (type != 'N') return keyPiece\n",
      by: "if (type == 'S') return Buffer.from(keyPiece).toString('latin1')\n  if (type != 'N') return keyPiece\n",
    },
    // Lists and maps are equal if their contents are equal.
    {
      find: "return val1.every(function (val) { return ~val2.indexOf(val) })",
      by:
        "return val1.every(function (val, i) {\n" +
        "      return typeof val == 'object' ? valsEqual(val, val2[i]) : val2.indexOf(val) >= 0\n    })",
    },
    {
      find: "  else {\n    return val1 == val2\n  }",
      by:
        "  else if (val1 && val2 && typeof val1 == 'object' && typeof val2 == 'object') {\n" +
        "    var names = Object.keys(val1)\n" +
        "    return names.length == Object.keys(val2).length && names.every(function (name) {\n" +
        "      return Object.hasOwn(val2, name) && valsEqual(val1[name], val2[name])\n    })\n  }\n" +
        "  else {\n    return val1 == val2\n  }",
    },
    // A comparison with an attribute that does not exist is false, except <>.
    {
      find: "  switch (comp) {\n  case 'EQ':",
      by: "  if ((attrType == null || compType == null) && /^(=|<=?|>=?|EQ|L[ET]|G[ET])$/.test(comp)) return false\n\n  switch (comp) {\n  case 'EQ':",
    },
    {
      find: "if (compType == attrType && valsEqual(attrVal, compVal)) return false",
      by: "if (attrType != null && compType == attrType && valsEqual(attrVal, compVal)) return false",
    },
    // An empty string is a value.
    { find: "if (!attrVal) return false", by: "if (attrVal == null) return false" },
    { find: "if (!attrVal || compType != attrType ||", by: "if (attrVal == null || compType != attrType ||" },
    {
      find: "if (!attrVal || !valsEqual(attrType, compVal)) return false",
      by: "if (attrVal == null || !valsEqual(attrType, compVal)) return false",
    },
    // Binary values are not text: decoded as UTF-8, all invalid bytes would become equal.
    {
      find: "attrVal = Buffer.from(attrVal, 'base64').toString()",
      by: "attrVal = Buffer.from(attrVal, 'base64').toString('latin1')",
    },
    {
      find: "compVal = Buffer.from(compVal, 'base64').toString()",
      by: "compVal = Buffer.from(compVal, 'base64').toString('latin1')",
    },
    // `contains` finds list members of every type, by equality.
    {
      find: "function contains (compType, compVal, attrType, attrVal) {\n",
      by:
        "function contains (compType, compVal, attrType, attrVal) {\n" +
        "  if (attrType === 'L') return attrVal.some(function (val) {\n" +
        "    return Object.keys(val)[0] === compType && valsEqual(val[compType], compVal)\n  })\n",
    },
    {
      find: "var compValString = Buffer.from(compVal, 'base64').toString()",
      by: "var compValString = Buffer.from(compVal, 'base64').toString('latin1')",
    },
    {
      find: "var attrValString = Buffer.from(attrVal, 'base64').toString()",
      by: "var attrValString = Buffer.from(attrVal, 'base64').toString('latin1')",
    },
    {
      find: "return compValString === Buffer.from(val, 'base64').toString()",
      by: "return compValString === Buffer.from(val, 'base64').toString('latin1')",
    },
    // An empty string or binary has a size.
    { find: "else if (val.S) {", by: "else if (val.S != null) {" },
    { find: "else if (val.B) {", by: "else if (val.B != null) {" },
    // An attribute may have any name, including names of Object.prototype.
    { find: "curItem.M = curItem.M || {}", by: "curItem.M = curItem.M || Object.create(null)" },
    { find: "existingItem = existingItem || {}", by: "existingItem = existingItem || Object.create(null)" },
  ],
  "dynalite/validations": [
    {
      find: "        newVal[key] = checkType(val[key], children)\n        return newVal\n      }, {})",
      by: "        newVal[key] = checkType(val[key], children)\n        return newVal\n      }, Object.create(null))",
      times: 2,
    },
    // A number may begin with a plus.
    { find: "bigNum = new Big(obj[attr])", by: "bigNum = new Big(String(obj[attr]).replace(/^\\+/, ''))" },
    // There is no negative zero.
    { find: "obj[attr] = bigNum.toFixed()", by: "obj[attr] = bigNum.c[0] ? bigNum.toFixed() : '0'" },
  ],
  "dynalite/validations/updateTable": [
    // Indexes of a table with on-demand capacity have no throughput.
    {
      find: "type: 'FieldStruct<ProvisionedThroughput>',\n              notNull: true,",
      by: "type: 'FieldStruct<ProvisionedThroughput>',",
      times: 2,
    },
  ],
};

interface CompilableModule extends NodeModule {
  _compile(source: string, filename: string): void;
}

const load = createRequire(__filename);

/**
 * Puts the corrected modules into Node's module cache. Call it before anything requires dynalite.
 * @throws Error if a text does not occur as often as expected, that is, if the installed dynalite is not the pinned version.
 */
export function patchDynalite(): void {
  for (const [name, replacements] of Object.entries(PATCHES)) {
    const filename = load.resolve(name);
    if (load.cache[filename]) continue;
    const module = new Module(filename) as CompilableModule;
    module.filename = filename;
    module.paths = load.resolve.paths(dirname(filename)) ?? [];
    const source = replacements.reduce(
      (text, one) => replaced(text, one, name),
      readFileSync(filename, "utf8"),
    );
    load.cache[filename] = module;
    module._compile(source, filename);
    module.loaded = true;
  }
}

function replaced(source: string, { find, by, times = 1 }: Replacement, name: string): string {
  const parts = source.split(find);
  if (parts.length === times + 1) return parts.join(by);
  throw new Error(
    `${name} does not contain ${JSON.stringify(find)} ${times} times. Install the version of dynalite that package.json pins: npm ci.`,
  );
}
