// Buttons that redrive the quarantine of a region, and the result of the last run.

import { element, setAttribute, setText } from "./dom.js";
import { postJson, reasonOf } from "./requests.js";

/** Time limit of a run, in milliseconds, a little longer than the server's. */
const TIMEOUT_MS = 310_000;

const RESULTS = {
  0: "Nothing is left.",
  1: "Something is left, or a preview would change something.",
  2: "The command failed.",
};

/**
 * Creates the controls of a region.
 * @param done receives the lines that the command printed.
 */
export function redriveControls(region, done) {
  const status = element("p", { role: "status", class: "quiet" });
  const output = element("pre", {
    tabindex: "0",
    role: "group",
    "aria-label": `Result of the redrive of ${region}`,
    hidden: "",
  });
  const reason = element("input", { id: `reason-${region}`, maxlength: "500", autocomplete: "off" });
  const error = element("span", { id: `reason-error-${region}`, class: "bad" });
  const button = (text, action) => actionButton(text, region, action);
  const buttons = [
    button("Preview", () => run({ action: "preview" })),
    button("Redrive", () => run({ action: "redrive" })),
  ];
  const discards = [
    button("Preview discard", () => discard("preview")),
    button("Discard", () => discard("discard")),
  ];

  async function run(body) {
    if (status.getAttribute("aria-busy") === "true") return;
    setAttribute(status, "aria-busy", "true");
    setText(status, "Running npm run redrive …");
    let lines = [];
    try {
      const result = await postJson(`/quarantine/${encodeURIComponent(region)}`, body, TIMEOUT_MS);
      lines = result.lines;
      setText(status, RESULTS[result.exitCode] ?? "The command was stopped.");
      setText(output, lines.join("\n"));
      output.hidden = false;
    } catch (failure) {
      setText(status, reasonOf(failure));
    }
    setAttribute(status, "aria-busy", undefined);
    await done(body.action === "redrive" || body.action === "discard" ? lines : []);
  }

  async function discard(action) {
    const text = reason.value.trim();
    setAttribute(reason, "aria-invalid", text === "" ? "true" : undefined);
    setText(error, text === "" ? "Enter a reason. It is recorded with the operator and the time." : "");
    if (text === "") return reason.focus();
    await run({ action, reason: text });
  }

  setAttribute(reason, "aria-describedby", error.id);
  return element(
    "div",
    { class: "redrive" },
    element("div", { class: "actions", role: "group", "aria-label": `Redrive of ${region}` }, ...buttons),
    element(
      "div",
      { class: "actions discard", role: "group", "aria-label": `Discard in ${region}` },
      element("label", { for: reason.id }, "Reason for a discard"),
      reason,
      ...discards,
      error,
    ),
    status,
    output,
  );
}

function actionButton(text, region, action) {
  const node = element("button", { type: "button", "aria-label": `${text}: ${region}` }, text);
  node.addEventListener("click", action);
  return node;
}
