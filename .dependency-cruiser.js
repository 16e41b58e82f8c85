const { join } = require("node:path");

/** The AWS emulation: a folder per service, and what only services use. */
const AWS_EMULATION = "^local/aws/";

/** The parts of `local/` that an operator command may use to reach a running local cloud. */
const LOCAL_CLIENT = "^local/(addresses|aws/local-client|aws/region-state)\\.ts$";

const PROGRAM = "^index\\.ts$|^(config|regional|global|functions)/";

/** The layers of this project: `npm run layers` checks them. */
module.exports = {
  forbidden: [
    {
      name: "functions-stand-alone",
      comment:
        "Code in functions/ is serialized and runs in Lambda, where neither Pulumi nor the tools exist. " +
        "Pass values as environment variables or arguments; put what both sides need in functions/ or shared/.",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "(^|/node_modules/|^node_modules/)@pulumi/|^(local|operations|ui|regional|global)/" },
    },
    {
      name: "program-without-tools",
      comment:
        "index.ts and its components are what is deployed. They must not depend on the local cloud, the operator commands or test code. " +
        "Move what is shared into functions/ or shared/.",
      severity: "error",
      from: { path: PROGRAM },
      to: { path: "^(local|operations|simulation|bench|testing|tests)/" },
    },
    {
      name: "aws-emulation-knows-no-application",
      comment:
        "The AWS emulation knows nothing of tickets. Pass the value in where the services are started, in local/services.ts; " +
        "put helpers that are no part of the application in shared/.",
      severity: "error",
      from: { path: AWS_EMULATION },
      to: {
        path:
          "^(functions|regional|global|config|command-line|operations|simulation|bench|testing|ui)/" +
          "|^index\\.ts$|^openapi\\.json$",
      },
    },
    {
      name: "aws-emulation-below-the-dev-server",
      comment:
        "The dev server starts the AWS emulation, not the other way round. " +
        "Pass what a service needs as an option in local/services.ts.",
      severity: "error",
      from: { path: AWS_EMULATION },
      to: {
        path: "^local/(console|gateway|pulumi)/|^local/[^/]+$",
      },
    },
    {
      name: "operations-without-dev-server",
      comment:
        "Operator commands must work on AWS, without the local cloud. They reach a running local cloud over HTTP; " +
        "from local/ they use only the client settings and the types in the files listed here.",
      severity: "error",
      from: { path: "^operations/" },
      to: { path: "^local/", pathNot: LOCAL_CLIENT },
    },
    {
      name: "ui-imports-functions-only",
      comment:
        "The web UI runs in a browser. It shares the API's types and rules in functions/ and nothing else of the project.",
      severity: "error",
      from: { path: "^ui/src/" },
      to: { path: "^[^.]", pathNot: "^(ui|functions|node_modules)/", dependencyTypesNot: ["npm", "npm-dev"] },
    },
    {
      name: "neutral-helpers-stay-neutral",
      comment:
        "Every part of the project may use command-line/ and shared/, so these use no other part. " +
        "Pass what they need as arguments.",
      severity: "error",
      from: { path: "^(command-line|shared)/" },
      to: { path: "^(functions|regional|global|config|local|operations|simulation|bench|testing|ui)/" },
    },
    {
      name: "only-tests-import-tests",
      comment:
        "Nothing but tests, and scripts that start tests, imports tests/. Move a fake that other folders need to testing/.",
      severity: "error",
      from: { pathNot: "^(tests|scripts)/" },
      to: { path: "^tests/" },
    },
    {
      name: "fakes-for-tests-only",
      comment:
        "testing/ holds the fakes that tests, the simulation and the benchmarks share. Nothing else uses fakes.",
      severity: "error",
      from: { pathNot: "^(tests|testing|simulation|bench)/" },
      to: { path: "^testing/" },
    },
    {
      name: "no-cycles",
      comment:
        "Modules of a cycle can only be read and loaded together; type-only imports count. " +
        "Move what both need into the lower module or into a module below both.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment:
        "No module imports this file and it imports none. Delete it, or list it here if a tool loads it by name.",
      severity: "error",
      from: {
        orphan: true,
        pathNot:
          "\\.d\\.ts$|^\\.[^/]+\\.js$|^tests/reporter\\.js$|^tests/local/pulumi/programs/|^tests/support/global-setup\\.js$",
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(ui/dist|\\.local-cloud)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, "tsconfig.json") },
  },
};
