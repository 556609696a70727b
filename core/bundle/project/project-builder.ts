import { type BuildProjectOptions, type BuildResult, buildProject } from "./build.ts";
import { BuildMemory } from "./build-memory.ts";
import { createWarmComponents } from "./component/warm-components.ts";

/**
 * Builds one project again and again: the toolchain stays loaded in a process of its own, and a stage whose inputs are
 * as they were is left out. What comes out is what {@link buildProject} makes, byte for byte.
 */
export interface ProjectBuilder {
  build(options: BuildProjectOptions): Promise<BuildResult>;
  /** Ends the process until the next build. What it has prepared stays on disk. */
  rest(): Promise<void>;
  /** Ends the process for good and removes what it has prepared. */
  dispose(): Promise<void>;
}

export function createProjectBuilder(): ProjectBuilder {
  const components = createWarmComponents();
  const memory = new BuildMemory();
  return {
    build: (options) => buildProject(options, { components, memory }),
    rest: () => components.rest(),
    dispose: () => components.dispose(),
  };
}
