import { describe, expect, it } from "vitest";
import { createChangeFeed } from "../../core/project/change-feed.ts";

const change = (path: string) => ({ kind: "changed" as const, dir: "/p", paths: [path] });

describe("the feed of changes", () => {
  it("hands a busy reader what came meanwhile, in order and together", async () => {
    const feed = createChangeFeed();
    const reader = feed.follow(new AbortController().signal)[Symbol.asyncIterator]();
    const first = reader.next();
    feed.publish(change("a"));
    expect((await first).value).toEqual([change("a")]);
    feed.publish(change("b"));
    feed.publish(change("c"));
    expect((await reader.next()).value).toEqual([change("b"), change("c")]);
  });

  it("ends for a reader that is too far behind, which then begins again with everything", async () => {
    const feed = createChangeFeed();
    const stop = new AbortController();
    const slow = feed.follow(stop.signal)[Symbol.asyncIterator]();
    const quick = feed.follow(stop.signal)[Symbol.asyncIterator]();
    const [first, mine] = [slow.next(), quick.next()];
    feed.publish(change("a"));
    await first;
    let read = (await mine).value?.length ?? 0;
    for (let index = 0; index < 2_000; index += 1) {
      const next = quick.next();
      feed.publish(change(String(index)));
      read += (await next).value?.length ?? 0;
    }
    expect(read).toBe(2_001);
    expect(await slow.next()).toEqual({ done: true, value: undefined });
  });

  it("ends with its signal", async () => {
    const stop = new AbortController();
    const next = createChangeFeed().follow(stop.signal)[Symbol.asyncIterator]().next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
