import assert from "node:assert/strict";
import { ProjectCopy } from "../../testing/project-copy";
import { LocalRegion } from "./local-region";
import { RunningCloud } from "../../testing/running-cloud";

/** Running local cloud and its regions. */
export interface CloudUnderTest {
  readonly cloud: RunningCloud;
  readonly ireland: LocalRegion;
  readonly singapore: LocalRegion;
}

/**
 * Runs a local cloud for the tests of a suite: starts it before the first test, prints its log after a failed test, and expects
 * a clean stop after the last one.
 * @param options command-line options of `npm start`.
 * @param ready receives the cloud before the first test.
 */
export function useLocalCloud(options: readonly string[], ready: (running: CloudUnderTest) => void): void {
  useCloud(
    () => RunningCloud.start(...options),
    (cloud) => {
      const { ireland, singapore } = cloud.addresses.regions;
      ready({ cloud, ireland: new LocalRegion(ireland), singapore: new LocalRegion(singapore) });
    },
  );
}

/**
 * Runs a local cloud of a copy of the project, as `useLocalCloud` does, and removes the copy after the last test.
 * @param optionsIn changes the copy and returns the command-line options of `npm start`.
 */
export function useCloudOfCopy(
  optionsIn: (project: ProjectCopy) => readonly string[],
  ready: (cloud: RunningCloud) => void,
): void {
  let project: ProjectCopy | undefined;
  const start = (): Promise<RunningCloud> => {
    project = new ProjectCopy();
    return RunningCloud.startIn(project.folder, ...optionsIn(project));
  };
  useCloud(start, ready, () => project?.remove());
}

/** @param stopped called when the cloud has stopped. */
function useCloud(
  start: () => Promise<RunningCloud>,
  ready: (cloud: RunningCloud) => void,
  stopped?: () => void,
): void {
  let cloud: RunningCloud | undefined;

  before(async () => {
    cloud = await start();
    ready(cloud);
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(async () => {
    const code = await cloud?.stop();
    stopped?.();
    assert.equal(code, 0);
  });
}
