import assert from "node:assert/strict";
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
  let cloud: RunningCloud | undefined;

  before(async () => {
    cloud = await RunningCloud.start(...options);
    const { ireland, singapore } = cloud.addresses.regions;
    ready({ cloud, ireland: new LocalRegion(ireland), singapore: new LocalRegion(singapore) });
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(async () => {
    assert.equal(await cloud?.stop(), 0);
  });
}
