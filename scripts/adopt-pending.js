// Adds resources whose creation was interrupted to the exported state of a Pulumi stack: see docs/troubleshooting.md.
require("./node-version");
const { readFileSync } = require("node:fs");

const HELP = `Lists the creations that an interrupted run of Pulumi left pending, or adopts them.

  node scripts/adopt-pending.js FILE
    lists the pending creations in FILE, as pulumi stack export writes it
  node scripts/adopt-pending.js FILE URN=ID ... > ADOPTED
    writes the state with these resources, for pulumi stack import

ID is the id of the resource in AWS, in the form that Pulumi's state uses.`;

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

function main([file, ...pairs]) {
  if (file === undefined || file === "--help") return console.log(HELP);
  const state = read(file);
  if (pairs.length === 0) return console.log(list(state.deployment));
  const deployment = adopt(state.deployment, pairs.map(parsePair));
  process.stdout.write(`${JSON.stringify({ ...state, deployment }, undefined, 2)}\n`);
}

function read(file) {
  let state;
  try {
    state = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error.message}`, { cause: error });
  }
  if (typeof state?.deployment === "object" && state.deployment !== null) return state;
  throw new Error(
    `${file} is not a state of Pulumi. Write it with: pulumi stack export --stack STACK --file ${file}`,
  );
}

function parsePair(pair) {
  const [, urn, id] = /^(urn:[^=]+)=(.+)$/s.exec(pair) ?? [];
  if (urn !== undefined) return { urn, id };
  throw new Error(`${JSON.stringify(pair)} is not of the form URN=ID.`);
}

/** Returns the interrupted creations of AWS resources. Components and providers exist in the state only. */
function pendingCreations({ pending_operations: operations }) {
  const creations = (operations ?? []).filter(({ type }) => type === "creating");
  return creations
    .map(({ resource }) => resource)
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
}

/** Returns one line per pending creation: the URN, and the generated name. */
function list(deployment) {
  const lines = pendingCreations(deployment).map(({ urn, inputs = {} }) => {
    const names = (inputs.__defaults ?? []).map((input) => `  ${input} ${inputs[input]}`);
    return urn + names.join("");
  });
  return lines.join("\n") || "No creation is pending.";
}

/**
 * Moves pending creations to the resources. Their outputs are at first their inputs: with any output, a refresh reads a resource by its
 * id and keeps the inputs that Pulumi generated, such as its name (Read in pulumi-terraform-bridge, pkg/tfbridge/provider.go).
 */
function adopt(deployment, ids) {
  const pending = new Map(pendingCreations(deployment).map((resource) => [resource.urn, resource]));
  const existing = new Set((deployment.resources ?? []).map(({ urn }) => urn));
  const urns = ids.map(({ urn }) => urn);
  const twice = urns.find((urn, index) => urns.indexOf(urn) !== index);
  if (twice !== undefined) throw new Error(`${twice} is given twice.`);
  const adopted = ids.map(({ urn, id }) => {
    const resource = pending.get(urn);
    if (!resource)
      throw new Error(`The creation of ${urn} is not pending. List the pending ones without URN=ID.`);
    if (existing.has(urn))
      throw new Error(
        `${urn} was being replaced, so the state has another resource with this URN. Delete the new one in AWS instead.`,
      );
    return { ...resource, id, outputs: resource.inputs ?? {} };
  });
  return {
    ...deployment,
    resources: [...(deployment.resources ?? []), ...adopted],
    pending_operations: deployment.pending_operations.filter(
      ({ type, resource }) => type !== "creating" || !urns.includes(resource.urn),
    ),
  };
}
