import { describe, expect, it } from "vitest";
import type { HostState } from "../../../core/contract/rpc.ts";
import { createBottomPanel } from "../../../renderer/state/bottom-panel.ts";
import { callerOf, createCallerChoice } from "../../../renderer/state/caller.ts";
import { createNavigation } from "../../../renderer/state/navigation.ts";
import { createTour } from "../../../renderer/state/tour.ts";
import { createViewChoice, type ViewState } from "../../../renderer/state/view.ts";
import { createMemoryStorage } from "../storage.ts";

describe("zoom and motion", () => {
  it("are put on the page at once and after every change, and kept", () => {
    const storage = createMemoryStorage();
    const applied: ViewState[] = [];
    const view = createViewChoice(storage, (state) => applied.push(state));
    view.zoomBy(1);
    view.chooseMotion("reduced");
    expect(applied.map(({ zoom, motion }) => [zoom, motion])).toEqual([
      [100, "system"],
      [110, "system"],
      [110, "reduced"],
    ]);
    expect(createViewChoice(storage, () => {}).get()).toEqual({ zoom: 110, motion: "reduced" });
  });

  it("stop at the largest and the smallest step", () => {
    const view = createViewChoice(createMemoryStorage(), () => {});
    for (let step = 0; step < 20; step += 1) view.zoomBy(1);
    expect(view.get().zoom).toBe(200);
    for (let step = 0; step < 20; step += 1) view.zoomBy(-1);
    expect(view.get().zoom).toBe(80);
    view.resetZoom();
    expect(view.get().zoom).toBe(100);
  });

  it.each(["0", "1000000", "NaN", ""])("take a stored zoom of %j for none", (text) => {
    const storage = createMemoryStorage();
    storage.setItem("workbench.zoom", text);
    expect(createViewChoice(storage, () => {}).get().zoom).toBe(100);
  });
});

describe("the caller", () => {
  const tenant = (id: string) => ({
    id,
    name: id,
    is_development: true,
    unsigned_policy: "refuse" as const,
  });
  const persona = (id: string, tenant_id: string) => ({
    id,
    tenant_id,
    name: id,
    user_type: "internal" as const,
  });
  const host: HostState = {
    version: "1.0.0",
    tenant: tenant("one"),
    tenants: [tenant("one"), tenant("two")],
    personas: [persona("ann", "one"), persona("bob", "two"), persona("cid", "two")],
    runner: { state: "ready" },
    gateway_url: "http://127.0.0.1:1",
    warnings: [],
  };

  it("is the host's default until one is chosen, and kept for the tab", () => {
    const storage = createMemoryStorage();
    const choice = createCallerChoice(storage);
    expect(callerOf(choice.get(), host).persona?.id).toBe("ann");
    choice.chooseTenant("two");
    expect(callerOf(choice.get(), host).persona?.id).toBe("bob");
    choice.choosePersona("cid");
    const { tenant: chosen, persona: as, personas } = callerOf(createCallerChoice(storage).get(), host);
    expect([chosen.id, as?.id, personas.length]).toEqual(["two", "cid", 2]);
  });

  it("falls back when the host no longer has who was chosen", () => {
    expect(callerOf({ tenantId: "gone", personaId: "cid" }, host).persona?.id).toBe("ann");
  });
});

describe("the place", () => {
  it("is the same after a reload, and the first one when what was kept is none", () => {
    const storage = createMemoryStorage();
    createNavigation("welcome", storage).go("help", { document: "cli" });
    expect(createNavigation("welcome", storage).get()).toEqual({
      screen: "help",
      params: { document: "cli" },
    });
    storage.setItem("workbench.place", '{"screen":"nowhere","params":{}}');
    expect(createNavigation("welcome", storage).get().screen).toBe("welcome");
  });
});

describe("the tour", () => {
  it("walks through the screens that are there, and is done when it ends or is skipped", () => {
    const storage = createMemoryStorage();
    const navigation = createNavigation("welcome");
    const tour = createTour(navigation, storage, (screen) => screen === "requests" || screen === "settings");
    tour.start();
    expect(navigation.get().screen).toBe("requests");
    tour.next();
    expect(navigation.get().screen).toBe("settings");
    tour.back();
    expect(tour.get().at).toBe(0);
    tour.next();
    tour.next();
    expect(tour.get()).toMatchObject({ at: undefined, isDone: true });
    expect(createTour(navigation, storage, () => true).get().isDone).toBe(true);
  });
});

describe("the panel below", () => {
  it("keeps the findings of each source apart, and numbers the lines of builds", () => {
    const panel = createBottomPanel(createMemoryStorage());
    panel.setProblems("types", [{ severity: "error", message: "one" }]);
    panel.setProblems("manifest", [{ severity: "warning", message: "two" }]);
    panel.setProblems("types", []);
    expect(panel.problems.get()).toEqual([{ source: "manifest", severity: "warning", message: "two" }]);
    panel.appendBuild([{ at: "2026-01-01T00:00:00Z", text: "first" }]);
    panel.clearBuild();
    panel.appendBuild([{ at: "2026-01-01T00:00:01Z", text: "second" }]);
    expect(panel.build.get()).toEqual([{ key: 2, at: "2026-01-01T00:00:01Z", text: "second" }]);
  });

  it("opens when something is to be shown in it", () => {
    const panel = createBottomPanel(createMemoryStorage());
    panel.toggle();
    expect(panel.isOpen.get()).toBe(false);
    panel.show("problems");
    expect([panel.isOpen.get(), panel.tab.get()]).toEqual([true, "problems"]);
  });

  it("is as it was left: open or not, and on which tab", () => {
    const storage = createMemoryStorage();
    const panel = createBottomPanel(storage);
    panel.show("build");
    panel.setOpen(false);
    const again = createBottomPanel(storage);
    expect([again.isOpen.get(), again.tab.get()]).toEqual([false, "build"]);
    storage.setItem("workbench.panel.tab", "elsewhere");
    expect(createBottomPanel(storage).tab.get()).toBe("logs");
  });
});
