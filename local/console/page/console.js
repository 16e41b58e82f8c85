// Entry point of the console page: requests the state twice a second, shows it, and sends the changes that the buttons request.

import { element, keyedList, link, setAttribute, setText } from "./dom.js";
import { logSection } from "./logs.js";
import { quarantineSection } from "./quarantine.js";
import { regionCards } from "./regions.js";
import { replicationTable } from "./replication.js";
import { getJson, postJson, reasonOf, repeated } from "./requests.js";
import { routingLists } from "./routing.js";
import { ticketSection } from "./tickets.js";
import { timelineList } from "./timeline.js";

const INTERVAL_MS = 500;

const byId = (id) => document.getElementById(id);
const showRegions = regionCards(byId("regions"), changeState);
const showReplication = replicationTable(byId("replication"), byId("lag-charts"), byId("replication-errors"));
const showRouting = routingLists(byId("names"), byId("health-checks"));
const showTimeline = timelineList(byId("timeline"));
const showGatewayLinks = keyedList(byId("gateway-links"), ([name, url]) => ({
  node: element("li", {}, `${name}: `, link(url)),
  update: () => undefined,
}));
const follow = logSection(byId);
ticketSection(byId, follow);
const refreshQuarantine = quarantineSection(byId("quarantine-regions"));

function show(state) {
  showProblem(state.problem);
  showRegions(state.regions);
  showReplication(state);
  showRouting(state);
  showTimeline(state.events);
  showGatewayLinks(Object.entries(state.frontDoor), ([, url]) => url);
  byId("in-this-browser").hidden = Object.keys(state.frontDoor).length === 0;
  byId("routing").hidden = !state.domain;
  byId("to-routing").hidden = !state.domain;
  setText(byId("summary"), summaryOf(state));
  refreshQuarantine(state);
}

/** Shows the problem of the local cloud as a banner, or hides the banner. */
function showProblem(problem) {
  byId("problem").hidden = !problem;
  setText(byId("problem-title"), problem?.title ?? "");
  setText(byId("problem-detail"), problem?.detail ?? "");
}

function summaryOf({ stack, domain, speed }) {
  const where = domain ? `domain ${domain}` : "no domain";
  return `Stack ${stack}, ${where}${speed === 1 ? "" : `, ${speed} times real speed`}`;
}

/** Shows whether the console responds, or why the last change failed. */
function showContact(text, isProblem) {
  setText(byId("contact"), text);
  setAttribute(byId("contact"), "class", isProblem ? "bad" : "good");
  setAttribute(document.body, "data-contact", isProblem ? "lost" : "live");
}

/** Whether the last change failed. Its error stays visible until the next change. */
let failedChange = false;

const refresh = repeated(async () => {
  try {
    show(await getJson("/state"));
    if (!failedChange) showContact("Live", false);
  } catch (error) {
    failedChange = false;
    showContact(reasonOf(error), true);
  }
  return INTERVAL_MS;
});

async function changeState(region, state) {
  failedChange = false;
  try {
    await postJson(`/regions/${region}`, { state });
  } catch (error) {
    failedChange = true;
    showContact(`Changing ${region} failed: ${error.message}`, true);
  }
  await refresh();
}
