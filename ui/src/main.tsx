import { render, type VNode } from "preact";
import { App } from "./app";
import { startApp } from "./app-context";
import { browserFetch } from "./data/start-store";
import { loadUiConfig, UiConfigError } from "./data/ui-config";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no element with the id app.");
void start(root);

async function start(root: HTMLElement): Promise<void> {
  try {
    const config = await loadUiConfig(browserFetch);
    render(<App app={startApp(config)} />, root);
  } catch (error) {
    if (!(error instanceof UiConfigError)) throw error;
    render(<SetupProblem detail={error.message} retry={() => void start(root)} />, root);
  }
}

/** Message shown when `config.json` is missing or invalid. */
function SetupProblem({ detail, retry }: { readonly detail: string; readonly retry: () => void }): VNode {
  return (
    <main class="setup-problem">
      <h1>The web UI is not configured</h1>
      <p role="alert">{detail}</p>
      <p>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </p>
    </main>
  );
}
