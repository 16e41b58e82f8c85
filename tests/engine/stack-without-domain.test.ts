/*
 * Every run starts from the state that the previous one left, so that what a second run of a configuration would change appears in the next
 * row, unless that row changes the same inputs of the same resources.
 */
import { firstDeploymentRows } from "./rows/first-deployment";
import { destroyRows } from "./rows/destroy";
import { providerVersionRows, releaseRows } from "./rows/releases";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";

describeWithEngine("the life of a stack without a domain", () => {
  const cloud = useEngineCloud();
  let opened: StackUnderTest;
  const stack = (): StackUnderTest => opened;

  before(async () => {
    opened = await cloud().openStack("ireland");
  });

  firstDeploymentRows(stack, {});
  releaseRows(cloud, stack);
  providerVersionRows(cloud, stack);
  destroyRows(cloud, stack);
});
