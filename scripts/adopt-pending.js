// Adds resources whose creation was interrupted to the exported state of a Pulumi stack: see docs/troubleshooting.md.
require("./node-version");
require("./closed-output");
const { isDeployment, readJson } = require("./exported-state");

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
    state = readJson(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error.message}`, { cause: error });
  }
  if (isDeployment(state?.deployment)) return state;
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

/** Returns one line per pending creation: the URN, the generated names, and whether the state has another resource with this URN. */
function list(deployment) {
  const known = knownIds(deployment);
  const lines = pendingCreations(deployment).map((resource) => {
    const names = Object.entries(generatedNames(resource)).map(([input, name]) => `  ${input} ${name}`);
    const other = known.has(resource.urn) ? [`  (in the state already: ${known.get(resource.urn)})`] : [];
    return [resource.urn, ...names, ...other].join("");
  });
  return lines.join("\n") || "No creation is pending.";
}

function generatedNames({ inputs }) {
  return Object.fromEntries((inputs?.__defaults ?? []).map((input) => [input, inputs[input]]));
}

/** Ids of the resources in the state, by URN. */
function knownIds({ resources }) {
  return new Map((resources ?? []).map(({ urn, id }) => [urn, id]));
}

/**
 * Moves pending creations to the resources. Their outputs are at first their inputs: with any output, a refresh reads a resource by its
 * id and keeps the inputs that Pulumi generated, such as its name (Read in pulumi-terraform-bridge, pkg/tfbridge/provider.go).
 */
function adopt(deployment, ids) {
  const known = knownIds(deployment);
  const urns = ids.map(({ urn }) => urn);
  const twice = urns.find((urn, index) => urns.indexOf(urn) !== index);
  if (twice !== undefined) throw new Error(`${twice} is given twice.`);
  const chosen = ids.map(({ urn, id }) => ({ id, resource: pendingCreation(deployment, urn, id) }));
  const inState = urns.find((urn) => known.has(urn));
  if (inState !== undefined)
    throw new Error(
      `${inState} is in the state already, with the id ${known.get(inState)}. Keep that resource, and delete the pending one in AWS if it exists.`,
    );
  const moved = new Set(chosen.map(({ resource }) => resource));
  return {
    ...deployment,
    resources: [
      ...(deployment.resources ?? []),
      ...chosen.map(({ id, resource }) => ({ ...resource, id, outputs: resource.inputs ?? {} })),
    ],
    pending_operations: deployment.pending_operations.filter(({ resource }) => !moved.has(resource)),
  };
}

/**
 * Returns the pending creation of a URN. Pulumi keeps pending creations in later runs, so that there can be several, with different names
 * (pkg/backend/snapshot.go).
 */
function pendingCreation(deployment, urn, id) {
  const pending = pendingCreations(deployment).filter((resource) => resource.urn === urn);
  if (pending.length === 0)
    throw new Error(`The creation of ${urn} is not pending. List the pending ones without URN=ID.`);
  if (pending.length === 1) return pending[0];
  const fitting = pending.filter((resource) =>
    Object.values(generatedNames(resource)).some(
      (name) => id === name || id.endsWith(`/${name}`) || id.endsWith(`:${name}`),
    ),
  );
  if (fitting.length === 1) return fitting[0];
  throw new Error(
    `${urn} is pending ${pending.length} times, and ${id} does not end with the generated name of exactly one. ` +
      "Remove the others from pending_operations in the file, and delete them in AWS if they exist.",
  );
}
