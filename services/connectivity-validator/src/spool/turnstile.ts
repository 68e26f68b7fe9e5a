/**
 * Lets a few pieces of work run at a time, the rest in the order in which they came. A disk that hangs must not hold all
 * the threads that Node has for files and for looking up hosts.
 */
export class Turnstile {
  private readonly places: number;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(places: number) {
    this.places = places;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.places) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Its place goes over to the next one without being free in between.
      if (next === undefined) this.running--;
      else next();
    }
  }
}
