import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What a helper answers with. */
export type Answer = Readonly<Record<string, number>>;

const stopWaitMs = 3_000;

/** Another process of the benchmark, so that its CPU time is not ours. Asked one thing at a time. */
export class Helper {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts `helpers/<name>.ts` with `config` (plain data) and resolves when it is ready. */
  static async start(name: string, config: unknown): Promise<{ helper: Helper; ready: Answer }> {
    const script = new URL(`../helpers/${name}.js`, import.meta.url);
    const child = fork(script, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const helper = new Helper(child);
    try {
      return { helper, ready: await helper.ask(config) };
    } catch (error) {
      await helper.stop();
      throw error;
    }
  }

  /** Sends plain data and resolves with the answer. */
  async ask(question: unknown): Promise<Answer> {
    const over = new AbortController();
    const { signal } = over;
    const ended = once(this.#child, "exit", { signal }).then(() => {
      throw new Error(`helper ${this.#child.spawnargs[1] ?? ""} ended early`);
    });
    ended.catch(() => undefined); // reported by the race, or of no interest any more
    try {
      const answer = once(this.#child, "message", { signal }) as Promise<[Reply]>;
      this.#child.send({ question });
      const [reply] = await Promise.race([answer, ended]);
      if ("error" in reply) throw new Error(reply.error);
      return reply.answer;
    } finally {
      over.abort();
    }
  }

  /** Ends the process: kindly, then by its id. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), stopWaitMs);
    this.#child.disconnect();
    await exited;
    clearTimeout(timer);
  }
}

type Reply = { readonly answer: Answer } | { readonly error: string };

/** What a helper does once it is ready. */
export interface Serving {
  readonly ready: Answer;
  readonly answer: (question: unknown) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** The helper's side: the first question is its configuration. Ends the process when the other side is gone. */
export function serve(start: (config: unknown) => Promise<Serving>): void {
  let serving: Promise<Serving> | undefined;
  const answerTo = async (question: unknown): Promise<Answer> => {
    if (serving !== undefined) return (await serving).answer(question);
    serving = start(question);
    return (await serving).ready;
  };
  process.on("message", ({ question }: { readonly question: unknown }) => {
    answerTo(question).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on("disconnect", () => {
    const stopped = serving?.then(({ stop }) => stop()) ?? Promise.resolve();
    stopped.catch(() => undefined).finally(() => process.exit());
  });
}
