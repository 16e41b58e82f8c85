import type { MessageQueue, QueueMessage } from "../../../operations/redrive/quarantine-queue";
import type { ObjectStore } from "../../../operations/redrive/failure-objects";

/** In-memory queue: a received message is hidden until it is released or its visibility timeout passes. */
export class MemoryQueue implements MessageQueue {
  readonly bodies = new Map<string, string>();
  readonly hidden = new Set<string>();
  /** Called after every receive. */
  afterReceive: () => void = () => undefined;
  private received = 0;

  constructor(...bodies: readonly string[]) {
    for (const body of bodies) this.send(body);
  }

  send(body: string): void {
    this.bodies.set(`m${this.bodies.size + 1}`, body);
  }

  /** Messages that another reader would receive now. */
  visible(): string[] {
    return [...this.bodies.keys()].filter((id) => !this.hidden.has(id));
  }

  async receive(): Promise<readonly QueueMessage[]> {
    const ids = this.visible().slice(0, 3);
    for (const id of ids) this.hidden.add(id);
    const messages = ids.map((id) => {
      return { id, body: this.bodies.get(id) as string, receipt: `${id}#${++this.received}` };
    });
    this.afterReceive();
    return messages;
  }

  async delete({ id }: QueueMessage): Promise<void> {
    this.bodies.delete(id);
    this.hidden.delete(id);
  }

  async release(messages: readonly QueueMessage[]): Promise<void> {
    for (const { id } of messages) this.hidden.delete(id);
  }
}

/** In-memory bucket. */
export class MemoryObjects implements ObjectStore {
  readonly texts: Map<string, string>;

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  async *keys(): AsyncIterable<string> {
    for (const key of [...this.texts.keys()]) yield key;
  }

  async read(key: string): Promise<string | undefined> {
    return this.texts.get(key);
  }

  async delete(key: string): Promise<void> {
    this.texts.delete(key);
  }
}
