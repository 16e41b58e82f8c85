import type { LocalService } from "../resource";
import { topicPolicyHandler } from "./topic-policy";
import { subscriptionHandler, topicHandler, type Topic } from "./topics";

/** Emulation of SNS. Topics and subscriptions exist by name; nothing publishes, so nothing is sent. */
export class LocalSns implements LocalService {
  private readonly topics = new Map<string, Topic>();

  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:sns/topic:Topic": topicHandler(this.topics),
    "aws:sns/topicPolicy:TopicPolicy": topicPolicyHandler(this.topics),
    "aws:sns/topicSubscription:TopicSubscription": subscriptionHandler(this.topics),
  };

  async close(): Promise<void> {
    this.topics.clear();
  }
}
