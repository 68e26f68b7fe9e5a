/** Where lines end up; the standard output of `libs/service` fits. */
export interface LineSink {
  write(text: string): void;
  flush(): Promise<void>;
}

const flushAfterMs = 100;
const flushAtLength = 64 * 1024;

/** Writes lines in batches: a write per request would cost a third of the throughput. */
export class LineWriter {
  readonly #sink: LineSink;
  #batch = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  write(line: string): void {
    this.#batch += `${line}\n`;
    if (this.#batch.length >= flushAtLength) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushAfterMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = "";
    if (batch !== "") this.#sink.write(batch);
  }

  async stop(): Promise<void> {
    this.flush();
    await this.#sink.flush();
  }
}
