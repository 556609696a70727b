import { describe, expect, test } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import {
  createLoopService,
  type LoopResult,
  type LoopServicePorts,
  type TurnRequest,
} from "../../core/loop/index.ts";

const RESULT: LoopResult = {
  content_hash: "sha256:1",
  name: "com.acme.hello",
  version: "1.0.0-dev.0",
  install_id: "install-1",
  key_id: "key-1",
  stages: [],
  duration_ms: 5,
};

/** A loop whose turns end when the test says so. */
function createRun(openProject: string | undefined = "/project") {
  const turns: { request: TurnRequest; end: PromiseWithResolvers<LoopResult> }[] = [];
  let save: (changed: readonly string[]) => void = () => undefined;
  let failWatch: (error: Error) => void = () => undefined;
  const waiting: (() => void)[] = [];
  const ports: LoopServicePorts = {
    turn: (request) => {
      const end = Promise.withResolvers<LoopResult>();
      request.signal.addEventListener("abort", () => end.reject(new Error("aborted")), { once: true });
      request.onBegin("build");
      turns.push({ request, end });
      for (const wake of waiting.splice(0)) wake();
      return end.promise;
    },
    watch: ({ onChange, onReady, signal }) =>
      new Promise((resolve, reject) => {
        save = onChange;
        failWatch = reject;
        signal.addEventListener("abort", () => resolve(), { once: true });
        onReady();
      }),
    openProject: () => openProject,
    clock: { now: () => new Date("2026-03-01T12:00:00Z") },
  };
  const loop = createLoopService(ports);
  return {
    loop,
    save: (...changed: string[]) => save(changed),
    failWatch: (error: Error) => failWatch(error),
    async turn(number: number) {
      while (turns.length < number) await new Promise<void>((resolve) => waiting.push(resolve));
      const turn = turns[number - 1];
      if (turn === undefined) throw new Error("the turn was just there");
      return turn;
    },
    count: () => turns.length,
  };
}

/** A turn of which the component was built. */
function succeed({ request, end }: Awaited<ReturnType<ReturnType<typeof createRun>["turn"]>>): void {
  request.onStage({ stage: "build", ms: 3 });
  end.resolve(RESULT);
}

describe("the loop", () => {
  test("runs a full turn at its start and shows the stages", async () => {
    const { loop, turn } = createRun();
    await loop.start();
    const first = await turn(1);
    expect(first.request).toMatchObject({ dir: "/project", reuseComponent: false });
    expect(loop.state()).toMatchObject({ mode: "watching", turn: { status: "running", kind: "full" } });
    first.request.onStage({ stage: "build", ms: 3 });
    first.request.onBegin("pack");
    expect(loop.state().turn?.stages.slice(0, 3)).toMatchObject([
      { stage: "build", status: "done", ms: 3 },
      { stage: "pack", status: "running" },
      { stage: "sign", status: "waiting" },
    ]);
    first.end.resolve(RESULT);
    await loop.idle();
    expect(loop.state()).toMatchObject({
      stale: false,
      turn: { status: "succeeded" },
      last_good: { version: "1.0.0-dev.0" },
    });
    await loop.dispose();
  });

  test("keeps the component when nothing outside ui/ was saved, and builds it again when something was", async () => {
    const { loop, turn, save } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    save("ui/index.html", "ui/style.css");
    const second = await turn(2);
    expect(second.request.reuseComponent).toBe(true);
    expect(loop.state().turn).toMatchObject({ kind: "ui", changed_files: 2 });
    succeed(second);
    await loop.idle();
    save("ui/index.html", "src/index.ts");
    expect((await turn(3)).request.reuseComponent).toBe(false);
    await loop.dispose();
  });

  test("gives a building turn up for what is saved meanwhile, and remembers that the sources changed", async () => {
    const { loop, turn, save } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    save("src/index.ts");
    const second = await turn(2);
    save("ui/index.html");
    const third = await turn(3);
    expect(second.request.signal.aborted).toBe(true);
    expect(third.request.reuseComponent).toBe(false);
    await loop.dispose();
  });

  test("lets a turn that is publishing end, then runs the next", async () => {
    const { loop, turn, save, count } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    save("ui/a.js");
    const second = await turn(2);
    second.request.onBegin("publish");
    save("ui/b.js");
    expect(second.request.signal.aborted).toBe(false);
    expect(count()).toBe(2);
    succeed(second);
    expect((await turn(3)).request.reuseComponent).toBe(true);
    await loop.dispose();
  });

  test("keeps the last good build and marks it stale when a build fails, with every place", async () => {
    const { loop, turn, save } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    save("src/index.ts");
    const details = {
      diagnostics: [{ file: "src/index.ts", line: 3, column: 7, code: "TS2322", message: "No." }],
    };
    (await turn(2)).end.reject(new WorkbenchError({ code: "type_error", message: "One error.", details }));
    await loop.idle();
    expect(loop.state()).toMatchObject({
      stale: true,
      last_good: { content_hash: "sha256:1" },
      turn: { status: "failed", failure: { code: "type_error", diagnostics: details.diagnostics } },
    });
    expect(loop.state().turn?.stages[0]).toMatchObject({ stage: "build", status: "failed" });
    save("src/index.ts");
    succeed(await turn(3));
    await loop.idle();
    expect(loop.state().stale).toBe(false);
    await loop.dispose();
  });

  test("tells nothing of an error that is not its own", async () => {
    const { loop, turn } = createRun();
    await loop.start();
    (await turn(1)).end.reject(new Error("password hunter2"));
    await loop.idle();
    expect(loop.state().turn?.failure?.code).toBe("internal");
    expect(JSON.stringify(loop.state())).not.toContain("hunter2");
    await loop.dispose();
  });

  test("is cancelled without a failure, and goes on watching", async () => {
    const { loop, turn, save } = createRun();
    await loop.start();
    await turn(1);
    await loop.cancel();
    expect(loop.state()).toMatchObject({ mode: "watching", stale: false, turn: { status: "cancelled" } });
    expect(loop.state().turn?.failure).toBeUndefined();
    save("ui/index.html");
    expect((await turn(2)).request.reuseComponent).toBe(false);
    await loop.dispose();
  });

  test("says why it stopped when the folder can no longer be watched", async () => {
    const { loop, turn, failWatch } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    const states = loop.follow(AbortSignal.timeout(30_000))[Symbol.asyncIterator]();
    await states.next();
    failWatch(new Error("ENOSPC"));
    expect((await states.next()).value).toMatchObject([{ mode: "off", stopped_by: { code: "internal" } }]);
    await loop.dispose();
  });

  test("forgets the build of the project before when another one is started", async () => {
    const { loop, turn } = createRun();
    await loop.start();
    succeed(await turn(1));
    await loop.idle();
    await loop.start("/other");
    expect(loop.state()).toMatchObject({ dir: "/other" });
    expect(loop.state().last_good).toBeUndefined();
    expect((await turn(2)).request).toMatchObject({ dir: "/other", reuseComponent: false });
    await loop.dispose();
  });

  test("needs a project", async () => {
    const loop = createLoopService({
      turn: () => Promise.reject(new Error("no turn was expected")),
      watch: () => Promise.resolve(),
      openProject: () => undefined,
      clock: { now: () => new Date(0) },
    });
    await expect(loop.start()).rejects.toMatchObject({ code: "no_project_open" });
    await expect(loop.run()).rejects.toMatchObject({ code: "no_project_open" });
  });
});
