import { describe, expect, it } from "vitest";
import { unreachable } from "../../../renderer/state/failure.ts";
import { createResource } from "../../../renderer/state/resource.ts";

describe("a resource of the host", () => {
  it("goes from nothing over loading to its data", async () => {
    const resource = createResource(async () => "data");
    const seen: unknown[] = [];
    resource.subscribe(() => seen.push(resource.get()));
    await resource.reload();
    expect(seen).toEqual([
      { data: undefined, loading: true, failure: undefined },
      { data: "data", loading: false, failure: undefined },
    ]);
  });

  it("keeps showing what it had when the host is gone, with the failure beside it", async () => {
    let isUp = true;
    const resource = createResource(async () => {
      if (!isUp) throw unreachable();
      return "data";
    });
    await resource.reload();
    isUp = false;
    await resource.reload();
    expect(resource.get()).toMatchObject({
      data: "data",
      loading: false,
      failure: { kind: "unreachable", code: "host_unreachable" },
    });
    isUp = true;
    await resource.reload();
    expect(resource.get().failure).toBeUndefined();
  });

  it("lets the latest reload win and aborts the one before", async () => {
    const answers: ((text: string) => void)[] = [];
    const signals: AbortSignal[] = [];
    const resource = createResource((signal) => {
      signals.push(signal);
      return new Promise<string>((resolve) => answers.push(resolve));
    });
    const first = resource.reload();
    const second = resource.reload();
    answers[1]?.("new");
    await second;
    answers[0]?.("old");
    await first;
    expect(resource.get().data).toBe("new");
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  });
});
