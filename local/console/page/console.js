// The console's page: asks for the state, shows it, and sends what the buttons say.

const INTERVAL_MS = 500;

const STATE_TEXT = {
  up: { text: "up", className: "good" },
  down: { text: "stopped", className: "bad" },
  isolated: { text: "replication cut", className: "held" },
};

const ACTIONS = [
  { state: "up", label: "Start", labelWhenIsolated: "Join replication" },
  { state: "down", label: "Stop region" },
  { state: "isolated", label: "Cut replication" },
];

/** An element with attributes and children; text is always text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

/** Replaces what an element shows, only when it differs: a button that has the focus keeps it. */
function show(id, children) {
  const target = byId(id);
  const next = element("div", {}, ...children);
  if (target.innerHTML !== next.innerHTML) target.replaceChildren(...next.childNodes);
}

/** Sets a text only when it differs: a status is read aloud each time it is set. */
function say(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function pill(text, className) {
  return element("span", { class: `pill ${className}` }, text);
}

function link(url) {
  return element("a", { href: url }, url);
}

function definition(term, value) {
  return [element("dt", {}, term), element("dd", {}, value)];
}

function regionCard(region) {
  const { text, className } = STATE_TEXT[region.state];
  const title = element("div", { class: "region-title" });
  title.append(element("h2", {}, region.name), pill(text, className), pill(region.role, "quiet"));
  const tickets = region.tickets === undefined ? "–" : String(region.tickets);
  const card = element("article", { class: "region", "data-state": region.state });
  card.append(
    title,
    element("p", { class: "figure" }, `${tickets} `, element("small", {}, "tickets in its table")),
    element(
      "dl",
      {},
      ...definition("Region", region.code),
      ...definition("Page", link(region.ui)),
      ...definition("API", link(`${region.api}/tickets`)),
      ...definition("DynamoDB", region.dynamodb),
      ...definition("Table", region.table),
    ),
    element("div", { class: "actions" }, ...ACTIONS.map((action) => actionButton(region, action))),
  );
  return card;
}

function actionButton(region, { state, label, labelWhenIsolated }) {
  const isIsolated = region.state === "isolated";
  const button = element("button", { type: "button", "data-region": region.name, "data-state": state });
  button.append(isIsolated && labelWhenIsolated ? labelWhenIsolated : label);
  if (region.state === state) button.setAttribute("disabled", "");
  button.setAttribute("aria-label", `${button.textContent}: ${region.name}`);
  return button;
}

function replicationRow(link) {
  const cells = {
    Direction: `${link.from} → ${link.to}`,
    "Waiting for": link.lagMs === 0 ? "nothing" : `${(link.lagMs / 1000).toFixed(1)} s`,
    "Lag p50 / p99": link.lagP50Ms === undefined ? "–" : `${link.lagP50Ms} / ${link.lagP99Ms} ms`,
    Applied: link.applied,
    Conflicts: link.conflicts,
    "Failed batches": link.failedBatches,
    Quarantined: link.quarantined,
    "On failure": link.onFailure,
  };
  // On a phone the cells stand below each other, each with its heading.
  const cell = ([heading, value]) => element("td", { "data-heading": heading }, String(value));
  return element("tr", {}, ...Object.entries(cells).map(cell));
}

function healthCheck({ name, target, healthy, lastResult }) {
  const verdict = pill(healthy ? "healthy" : "unhealthy", healthy ? "good" : "bad");
  return element(
    "li",
    { title: target },
    verdict,
    ` ${name} `,
    element("span", { class: "quiet" }, lastResult),
  );
}

function event({ at, region, text }) {
  const time = element("time", { datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString());
  return element("li", {}, time, region ? `${region} ${text}` : text);
}

function summaryOf({ stack, domain, speed }) {
  const where = domain ? `domain ${domain}` : "no domain";
  return `stack ${stack}, ${where}${speed === 1 ? "" : `, ${speed} times faster than real`}`;
}

function render(state) {
  say("summary", summaryOf(state));
  show("regions", state.regions.map(regionCard));
  show("replication", state.replication.map(replicationRow));
  const errors = state.replication.filter((link) => link.lastError);
  byId("replication-errors").textContent = errors
    .map((link) => `${link.from} → ${link.to}: ${link.lastError}`)
    .join(" ");
  byId("routing").hidden = !state.domain;
  show(
    "names",
    state.names.flatMap(({ name, answer, region }) =>
      definition(name, region ? `${answer}, ${region}` : answer),
    ),
  );
  show("health-checks", state.healthChecks.map(healthCheck));
  const doors = Object.entries(state.frontDoor).flatMap(([name, url]) => [` ${name}: `, link(url)]);
  show("front-door", ["In this browser, following what DNS answers:", ...doors]);
  show("timeline", state.events.map(event));
}

async function refresh() {
  try {
    const response = await fetch("/state");
    if (!response.ok) throw new Error(`/state answered ${response.status}`);
    render(await response.json());
    document.body.classList.remove("stale");
  } catch {
    document.body.classList.add("stale");
    say(
      "summary",
      "The local cloud does not answer; it was stopped, or it is starting. Below is its last state.",
    );
  }
}

async function changeState(region, state) {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ state }),
  };
  try {
    await fetch(`/regions/${region}`, request);
  } catch {
    // The local cloud does not answer; the refresh says so.
  }
  await refresh();
}

byId("regions").addEventListener("click", ({ target }) => {
  const { region, state } = target.dataset;
  if (target instanceof HTMLButtonElement) void changeState(region, state);
});

async function keepRefreshing() {
  await refresh();
  setTimeout(keepRefreshing, INTERVAL_MS);
}

void keepRefreshing();
