import assert from "node:assert/strict";
import { Regions } from "../../../local/aws/regions";
import { Cleanup } from "../../../local/cleanup";
import type { CloudHost } from "../../../local/cloud-host";
import { deployWithEngine } from "../../../local/engine-command/deploy-with-engine";
import type { EngineStack } from "../../../local/pulumi/engine/engine-stack";

describe("deployWithEngine", () => {
  let cleanup: Cleanup;

  beforeEach(() => {
    cleanup = new Cleanup();
  });
  afterEach(() => cleanup.close());

  /** Deploys with a stack whose `up` rejects as the engine does. */
  async function deploy(stop: AbortSignal, beforeError: () => void): Promise<unknown> {
    const host = {
      ...{ cleanup, consoleRoutes: [], progress: () => undefined },
      options: { stack: "ireland", domain: undefined, speed: 1 },
      regions: new Regions([{ name: "ireland", code: "eu-west-1" }]),
      services: { resourceHandlers: {}, remoteComponents: {} },
    } as unknown as CloudHost;
    const up = async (): Promise<never> => {
      beforeError();
      throw new Error("the update failed");
    };
    return deployWithEngine({}, async () => ({ up }) as unknown as EngineStack)(host, stop);
  }

  it("rejects with the engine's error", async () => {
    await assert.rejects(
      deploy(new AbortController().signal, () => undefined),
      {
        message: "the update failed",
      },
    );
  });

  it("rejects with the reason of a stop, not with the error of the run that it ends", async () => {
    const stop = new AbortController();
    await assert.rejects(
      deploy(stop.signal, () => stop.abort()),
      (error) => error === stop.signal.reason,
    );
  });
});
