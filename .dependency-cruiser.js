const { join } = require("node:path");

/** The AWS emulation: a folder per service, and what only services use. */
const AWS_EMULATION = "^local/aws/";

/** The parts of `local/` that an operator command may use to reach a running local cloud. */
const LOCAL_CLIENT = "^local/(addresses|aws/local-client|aws/region-state)\\.ts$";

/** Pulumi's packages, installed or not. */
const PULUMI = "(^|/node_modules/|^node_modules/)@pulumi/";

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
      to: {
        path:
          PULUMI +
          "|^(config|regional|global|local|operations|ui|command-line|simulation|bench|testing|scripts)/" +
          "|^index\\.ts$",
      },
    },
    {
      name: "program-without-tools",
      comment:
        "index.ts and its components are what is deployed. They must not depend on the local cloud, the operator commands or test code. " +
        "Move what is shared into functions/ or shared/.",
      severity: "error",
      from: { path: PROGRAM },
      to: {
        path: "^(local|operations|ui|command-line|simulation|bench|testing|tests|scripts)/",
        pathNot: "^(ui/sources|scripts/node-version)\\.js$",
      },
    },
    {
      name: "regional-below-global",
      comment:
        "index.ts declares the regions first and then what joins them. " +
        "Pass what a region needs of global/ as an argument in index.ts.",
      severity: "error",
      from: { path: "^(config|regional)/" },
      to: { path: "^global/|^index\\.ts$" },
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
          "|^index\\.ts$|^(openapi|package)\\.json$",
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
      name: "commands-without-program",
      comment:
        "The local cloud runs the Pulumi program as Pulumi does, and operator commands read the outputs of a deployed stack. " +
        "Neither imports the program. Move what both sides need into functions/ or shared/.",
      severity: "error",
      from: { path: "^(local|operations|simulation|bench)/" },
      to: { path: "^(config|regional|global)/|^index\\.ts$" },
    },
    {
      name: "local-cloud-without-operations",
      comment:
        "The local cloud stands in for AWS; operator commands are its clients. Move what both need into shared/ or command-line/.",
      severity: "error",
      from: { path: "^local/" },
      to: { path: "^operations/" },
    },
    {
      name: "operations-use-web-ui-client-only",
      comment:
        "The drills use the web UI's own client, in ui/src/data/. Components and styles need a browser; operator commands do not use them.",
      severity: "error",
      from: { path: "^operations/" },
      to: { path: "^ui/", pathNot: "^ui/src/data/" },
    },
    {
      name: "simulation-and-benchmarks-are-commands",
      comment:
        "simulation/ and bench/ are commands that use the project. Nothing but their tests uses them. Move what others need into testing/ or shared/.",
      severity: "error",
      from: { pathNot: "^(simulation|bench|tests)/" },
      to: { path: "^(simulation|bench)/" },
    },
    {
      name: "ui-imports-functions-only",
      comment:
        "The web UI runs in a browser. It shares the API's types and rules in functions/ and nothing else of the project. " +
        "Every package that it imports is sent to the browser; list a new one here.",
      severity: "error",
      from: { path: "^ui/src/" },
      to: { path: "^[^.]", pathNot: "^(ui|functions)/|(^|^node_modules/)(preact|@preact/signals|ulid)(/|$)" },
    },
    {
      name: "neutral-helpers-stay-neutral",
      comment:
        "Every part of the project may use command-line/ and shared/, so these use no other part. " +
        "Pass what they need as arguments.",
      severity: "error",
      from: { path: "^(command-line|shared)/" },
      to: {
        path:
          PULUMI +
          "|^(functions|regional|global|config|local|operations|simulation|bench|testing|ui|scripts)/|^index\\.ts$",
      },
    },
    {
      name: "shared-below-command-line",
      comment:
        "Functions, which run in Lambda, use shared/; what it imports is serialized with them. " +
        "Move what both need from command-line/ to shared/.",
      severity: "error",
      from: { path: "^shared/" },
      to: { path: "^command-line/" },
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
        "testing/ holds the fakes and fixtures that tests, the simulation and the benchmarks share. Nothing else uses them.",
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
