import type { VNode } from "preact";

/** What there is to see when `config.json` cannot be used. */
export function SetupProblem({
  detail,
  retry,
}: {
  readonly detail: string;
  readonly retry: () => void;
}): VNode {
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
