/** Runs what is to be done with a ticket one after the other, and different tickets independently. */
export class TicketQueues {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs a task at once when nothing else is to be done with the ticket, else when that has ended, however it ended. */
  run<T>(id: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(id);
    const result = before ? before.then(task, task) : task();
    this.last.set(id, result);
    const leave = (): void => {
      if (this.last.get(id) === result) this.last.delete(id);
    };
    result.then(leave, leave);
    return result;
  }
}
