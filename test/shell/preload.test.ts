import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { HANDOVER_CHANNEL, NEXT_LINK_CHANNEL, PICK_FOLDER_CHANNEL } from "../../electron/shell-channels.ts";

interface Exposed {
  host?: () => unknown;
  pickFolder?: (title: string) => unknown;
  nextLink?: () => unknown;
}

const root = dirname(dirname(import.meta.dirname));

async function bundledPreload(): Promise<string> {
  const bundle = await rolldown({
    input: join(root, "electron", "preload.ts"),
    external: ["electron"],
    platform: "node",
  });
  const { output } = await bundle.generate({ format: "cjs" });
  await bundle.close();
  return output[0].code;
}

describe("the preload script", () => {
  it("runs as one CommonJS file that requires Electron only, and exposes three functions", async () => {
    const exposed: Record<string, Exposed> = {};
    const invoked: unknown[][] = [];
    const required: string[] = [];
    runInNewContext(await bundledPreload(), {
      exports: {},
      require: (name: string) => {
        required.push(name);
        return {
          contextBridge: {
            exposeInMainWorld: (key: string, api: Exposed) => {
              exposed[key] = api;
            },
          },
          ipcRenderer: { invoke: (...args: unknown[]) => void invoked.push(args) },
        };
      },
    });
    expect(required).toEqual(["electron"]);
    expect(Object.keys(exposed)).toEqual(["workbench"]);
    expect(Object.keys(exposed.workbench ?? {})).toEqual(["host", "pickFolder", "nextLink"]);
    exposed.workbench?.host?.();
    exposed.workbench?.pickFolder?.("Open a project");
    exposed.workbench?.nextLink?.();
    expect(invoked).toEqual([
      [HANDOVER_CHANNEL],
      [PICK_FOLDER_CHANNEL, { title: "Open a project" }],
      [NEXT_LINK_CHANNEL],
    ]);
  });
});
