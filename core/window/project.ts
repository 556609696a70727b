import { homedir } from "node:os";
import {
  createProject,
  type Diagnostic,
  handlerSource,
  projectCompilerOptions,
  projectDiagnostics,
  validateManifest,
  validateProjectConfig,
  watchProject,
} from "../bundle/index.ts";
import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import { PROJECT_CONFIG_FILE } from "../contract/project-config.ts";
import type { Finding } from "../contract/rpc/project.ts";
import { judgeProject } from "../policy/index.ts";
import { createProjects, type Projects } from "../project/index.ts";
import type { Workbench } from "../workbench.ts";

/** The project that the window works on, over this workbench's settings and the build's own judgement. */
export function createWindowProject(workbench: Pick<Workbench, "settings" | "clock" | "logger">): Projects {
  return createProjects({
    settings: workbench.settings,
    clock: workbench.clock,
    logger: workbench.logger,
    home: homedir(),
    judge: {
      manifest: (text) => validateManifest(text, MANIFEST_FILE),
      settings: (text) => validateProjectConfig(text, PROJECT_CONFIG_FILE),
    },
    create: createProject,
    watch: watchProject,
    compilerOptions: projectCompilerOptions,
    judgePolicy: judgeProject,
    handlerSource,
    checkTypes: async (dir, signal) => (await projectDiagnostics(dir, signal)).map(typeFinding),
  });
}

function typeFinding({ file, line, column, code, message }: Diagnostic): Finding {
  return {
    source: "types",
    severity: "error",
    message,
    code,
    ...(file === undefined ? {} : { path: file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}
