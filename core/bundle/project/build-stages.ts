import { performance } from "node:perf_hooks";

export const STAGE_NAMES = ["manifest", "types", "bundle", "component", "script", "ui"] as const;
export type StageName = (typeof STAGE_NAMES)[number];

export interface BuildStage {
  readonly name: StageName;
  readonly ms: number;
}

/** Times the steps of a build in order and reports each as it ends. */
export class BuildStages {
  readonly finished: BuildStage[] = [];
  readonly #onProgress: ((stage: BuildStage) => void) | undefined;

  constructor(onProgress: ((stage: BuildStage) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  async run<T>(name: StageName, step: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await step();
    const stage = { name, ms: Math.round(performance.now() - start) };
    this.finished.push(stage);
    this.#onProgress?.(stage);
    return result;
  }
}
