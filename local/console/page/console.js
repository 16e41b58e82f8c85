// The console's page: asks for the state twice a second, shows it, and sends what the buttons say.

import { element, keyedList, link, setAttribute, setText } from "./dom.js";
import { regionCards } from "./regions.js";
import { replicationTable } from "./replication.js";
import { routingLists } from "./routing.js";
import { timelineList } from "./timeline.js";

const INTERVAL_MS = 500;
/** A console that takes longer to answer counts as gone. */
const PATIENCE_MS = 5_000;

const byId = (id) => document.getElementById(id);
const showRegions = regionCards(byId("regions"), changeState);
const showReplication = replicationTable(byId("replication"), byId("lag-charts"), byId("replication-errors"));
const showRouting = routingLists(byId("names"), byId("health-checks"));
const showTimeline = timelineList(byId("timeline"));
const showGatewayLinks = keyedList(byId("gateway-links"), ([name, url]) => ({
  node: element("li", {}, `${name}: `, link(url)),
  update: () => undefined,
}));

function show(state) {
  showRegions(state.regions);
  showReplication(state);
  showRouting(state);
  showTimeline(state.events);
  showGatewayLinks(Object.entries(state.frontDoor), ([, url]) => url);
  byId("in-this-browser").hidden = !state.domain;
  byId("routing").hidden = !state.domain;
  setText(byId("summary"), summaryOf(state));
}

function summaryOf({ stack, domain, speed }) {
  const where = domain ? `domain ${domain}` : "no domain";
  return `Stack ${stack}, ${where}${speed === 1 ? "" : `, ${speed} times real speed`}`;
}

function say(text, isProblem) {
  setText(byId("contact"), text);
  setAttribute(byId("contact"), "class", isProblem ? "bad" : "good");
  setAttribute(document.body, "data-contact", isProblem ? "lost" : "live");
}

/** Whether the last button could not do what it says; the words about it stand until the next one is pressed. */
let failedChange = false;

/** Asks for the state and shows it. */
async function refresh() {
  try {
    const response = await fetch("/state", { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(await problemOf(response));
    show(await response.json());
    if (!failedChange) say("Live", false);
  } catch (error) {
    failedChange = false;
    // A fetch that gets no answer, or none in time, throws something more special than an Error.
    const isAnswer = error.name === "Error";
    say(isAnswer ? error.message : "No response, retrying", true);
  }
}

async function changeState(region, state) {
  failedChange = false;
  try {
    const response = await fetch(`/regions/${region}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(await problemOf(response));
  } catch (error) {
    failedChange = true;
    say(`Changing ${region} failed: ${error.message}`, true);
  }
  await refresh();
}

/** The words of problem details (RFC 9457), or the bare status. */
async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? `The console returned status ${response.status}.`;
}

async function keepRefreshing() {
  await refresh();
  setTimeout(keepRefreshing, INTERVAL_MS);
}

void keepRefreshing();
