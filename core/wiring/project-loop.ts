import { archiveOfProject, type ProjectBuilder } from "../bundle/index.ts";
import type { LoopStage } from "../contract/rpc/loop.ts";
import { type LoopResult, nextDevelopmentVersion, runLoop, type StageReport } from "../loop/index.ts";
import { systemFailure } from "../store/index.ts";
import type { Workbench } from "../workbench.ts";
import { activeKeyId } from "./active-key.ts";

interface TurnOptions {
  readonly signal: AbortSignal;
  /** Called as a stage begins. */
  readonly onBegin?: (stage: LoopStage) => void;
  /** Called as a stage ends well. */
  readonly onStage: (report: StageReport) => void;
  /** Only the UI has changed since the last build. */
  readonly reuseComponent?: boolean;
}

interface LoopedProject {
  readonly dir: string;
  readonly builder: Pick<ProjectBuilder, "build">;
  /** Signs while no other key is chosen. */
  readonly developmentKeyId: string;
}

/**
 * One project's way from saved sources to a running install, in this workbench, signed with the key that is active at
 * the time.
 */
export function createProjectLoop(
  workbench: Workbench,
  project: LoopedProject,
): (options: TurnOptions) => Promise<LoopResult> {
  const { registry } = workbench;
  const tenantId = workbench.tenantId(undefined);
  return (options) =>
    runLoop(
      {
        build: async (signal) => {
          await project.builder.build({ dir: project.dir, signal, reuseComponent: options.reuseComponent });
        },
        pack: () =>
          archiveOfProject({
            dir: project.dir,
            version: (manifest) =>
              nextDevelopmentVersion(
                manifest.version,
                registry
                  .listExtensions()
                  .find((entry) => entry.name === manifest.name)
                  ?.versions.map((entry) => entry.version) ?? [],
              ),
          }),
        sign: async (archive) => {
          const keyId = activeKeyId(workbench) ?? project.developmentKeyId;
          const { signature } = await workbench.sign(archive, keyId);
          return { signature, key_id: keyId };
        },
        publish: (archive, signature) => registry.publish({ archive, signature, tenantId }),
        install: ({ name, version }) => {
          // What the manifest asks for while its author changes it; an install for use decides for itself.
          const target = { ref: name, tenantId, version, grants: "requested" as const };
          return registry.resolveInstall(tenantId, name) ? registry.update(target) : registry.install(target);
        },
      },
      options,
    ).catch((error: unknown) => {
      // The data folder's disk may be another one than the project's.
      throw systemFailure(error) ?? error;
    });
}
