// Removes a region that is lost for good from an exported state: npm run forget-region -- --region ALIAS --state FILE --out FILE
require("./node-version");
const { writeFileSync } = require("node:fs");
const { parseArgs } = require("node:util");
const { isDeployment, readJson } = require("./exported-state");

const HELP = `Removes the resources of a region that is lost for good from an exported Pulumi state. It changes no resource and calls no AWS service.

  npm run forget-region -- --region ALIAS --state FILE --out FILE

  --region ALIAS  alias of the lost region, such as singapore
  --state FILE    state, as written by: pulumi stack export --stack NAME --file FILE
  --out FILE      receives the state without the region, for: pulumi stack import --stack NAME --file FILE
  --help          show this help

docs/runbook.md has the whole procedure.`;

const PROVIDER = "pulumi:providers:aws";
/** The IAM API does not depend on a region, so the next `pulumi up` deletes the roles: a region that returns cannot write any more. */
const REACHABLE = /^aws:iam\//;

if (require.main === module) main(process.argv.slice(2));

function main(args) {
  try {
    const { region, state, out, help } = parse(args);
    if (help) return console.log(HELP);
    const { exported, forgotten, roles } = forgetRegion(readState(state), region);
    writeNew(out, `${JSON.stringify(exported, null, 4)}\n`);
    console.log(
      `${forgotten} resources of ${region} are not in ${out} any more. ${roles}\n` +
        `Import it with: pulumi stack import --stack NAME --file ${out}`,
    );
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * Returns an exported state without the resources of a region's provider, and without references to them.
 *
 * Resources of IAM stay if their provider can work without the region, that is if it calls STS elsewhere (global/providers.ts).
 * `pulumi state delete --target-dependents` cannot do this: it also removes the resources of the other region that refer to the lost
 * one, which exist and would be created a second time.
 * @throws Error that lists the aliases if the state has no such region.
 */
function forgetRegion(exported, region) {
  const { resources, pending_operations, ...rest } = exported.deployment;
  const pending = pending_operations ?? [];
  const providers = resources.filter(({ type, urn }) => type === PROVIDER && nameOf(urn) !== "global");
  const provider = providers.find(({ urn }) => nameOf(urn) === region);
  if (!provider)
    throw new Error(
      `The state has no region ${JSON.stringify(region)}; its regions are ${providers.map(({ urn }) => nameOf(urn)).join(" and ")}.`,
    );
  if (providers.length < 2)
    throw new Error(`${region} is the only region of the state, so there is none to keep.`);
  const keepsRoles = Boolean(provider.inputs?.stsRegion);
  const isForgotten = (resource) =>
    resource === provider
      ? !keepsRoles
      : usesProvider(resource, provider) && !(keepsRoles && REACHABLE.test(resource.type));
  const kept = resources.filter((resource) => !isForgotten(resource));
  const known = new Set(kept.map(({ urn }) => urn));
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isRole = ({ type }) => type === "aws:iam/role:Role";
  const roles = resources.filter((one) => usesProvider(one, provider) && isRole(one));
  return {
    exported: {
      ...exported,
      deployment: {
        ...rest,
        resources: kept.map((resource) => withoutReferences(resource, known, parents)),
        pending_operations: pending.filter(({ resource }) => !usesProvider(resource, provider)),
      },
    },
    forgotten: resources.length - kept.length,
    roles: keepsRoles
      ? `The next pulumi up deletes its IAM roles (${roles.length}).`
      : `Delete its IAM roles yourself: ${roles.map(({ id }) => id).join(" ")}.`,
  };
}

function usesProvider({ provider: reference = "" }, { urn, id }) {
  return reference === `${urn}::${id}`;
}

/** Returns a resource without references to resources that are not known any more. */
function withoutReferences(resource, known, parents) {
  const existing = (urns) => urns.filter((urn) => known.has(urn));
  const { parent, dependencies, propertyDependencies, deletedWith, ...rest } = resource;
  const ancestor = nearest(parent, known, parents);
  return {
    ...rest,
    ...(ancestor && { parent: ancestor }),
    ...(dependencies && { dependencies: existing(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([name, urns]) => [name, urns && existing(urns)]),
      ),
    }),
    ...(known.has(deletedWith) && { deletedWith }),
  };
}

function nearest(urn, known, parents) {
  return urn === undefined || known.has(urn) ? urn : nearest(parents.get(urn), known, parents);
}

/** Returns the name of a resource, the last part of its URN. */
function nameOf(urn) {
  return urn.split("::").pop();
}

function readState(file) {
  let exported;
  try {
    exported = readJson(file);
  } catch (error) {
    throw new Error(
      `The state in ${file} cannot be read (${error.message}). Export it with: pulumi stack export --stack NAME --file ${file}`,
      {
        cause: error,
      },
    );
  }
  const { deployment } = exported ?? {};
  if (isDeployment(deployment) && Array.isArray(deployment.resources)) return exported;
  throw new Error(
    `${file} is not an exported state with resources. Export it with: pulumi stack export --stack NAME --file ${file}`,
  );
}

/** Writes a file that does not exist yet, so that no state is lost. */
function writeNew(file, text) {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const reason = error.code === "EEXIST" ? "it exists" : error.message;
    throw new Error(`${file} cannot be written (${reason}). Choose another file with --out.`, {
      cause: error,
    });
  }
}

function parse(args) {
  const text = { type: "string" };
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { region: text, state: text, out: text, help: { type: "boolean", default: false } },
    }));
  } catch (error) {
    throw new Error(`${error.message}\n\n${HELP}`, { cause: error });
  }
  const missing = ["region", "state", "out"].filter((name) => !values[name]);
  if (values.help || missing.length === 0) return values;
  throw new Error(`--${missing.join(" and --")} is missing.\n\n${HELP}`);
}
