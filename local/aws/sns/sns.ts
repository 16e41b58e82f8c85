import { expectInputs } from "../inputs";
import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";

/** Emulation of SNS. Topics and subscriptions exist by name; nothing publishes, so nothing is sent. */
export class LocalSns implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:sns/topic:Topic": (resource) => this.createTopic(resource),
    "aws:sns/topicSubscription:TopicSubscription": (resource) => this.createSubscription(resource),
  });

  private readonly topics = new Set<string>();

  async close(): Promise<void> {
    this.topics.clear();
  }

  private async createTopic(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, ["name", "displayName", "tags", "region"]);
    const name: string = resource.inputs.name ?? resource.physicalName;
    const arn = arnOf("sns", resource.region, name);
    this.topics.add(arn);
    return { id: arn, outputs: { name, arn } };
  }

  private async createSubscription(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, ["topic", "protocol", "endpoint", "region"]);
    const { topic } = resource.inputs;
    if (!this.topics.has(topic)) throw new Error(`NotFound: there is no topic ${topic}.`);
    const arn = `${topic}:${resource.physicalName}`;
    return { id: arn, outputs: { arn, pendingConfirmation: true } };
  }
}
