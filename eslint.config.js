const js = require("@eslint/js");
const tseslint = require("typescript-eslint");

module.exports = tseslint.config(
  { ignores: ["node_modules/", "ui/dist/", ".local-cloud/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.js"],
    ignores: ["local/console/page/**"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        module: "writable",
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
        fetch: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  // Every version of Node.js must parse these files, so that an old version can print its error.
  {
    files: [
      "scripts/node-version.js",
      "{local,local/engine-command,operations}/{start,run}.js",
      "{simulation,bench}/run.js",
    ],
    languageOptions: { ecmaVersion: 5 },
    rules: { "no-var": "off", "prefer-const": "off" },
  },
  {
    files: ["local/console/page/**/*.js"],
    languageOptions: {
      globals: {
        AbortSignal: "readonly",
        clearTimeout: "readonly",
        document: "readonly",
        fetch: "readonly",
        performance: "readonly",
        setTimeout: "readonly",
        URLSearchParams: "readonly",
      },
    },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ["**/*.ts", "**/*.js", "**/*.mts"],
    ignores: ["tests/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name='recursive']",
          message:
            "Use makeDirectory of shared/make-directory.js: Node's own recursive mkdir never returns below /proc.",
        },
      ],
    },
  },
  // Made by openapi-typescript.
  { files: ["functions/openapi/schema.ts"], rules: { "max-lines": "off" } },
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.js"],
    rules: {
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
);
