import type { projectProcedures } from "../../contract/rpc/project.ts";
import type { RpcHandlers, RpcSources } from "../rpc.ts";
import type { HostProject } from "./project-ports.ts";

export function createProjectHandlers(
  project: HostProject,
): Pick<RpcHandlers, keyof typeof projectProcedures> {
  return {
    "project.state": () => project.state(),
    "project.open": ({ dir }) => project.open(dir),
    "project.close": () => {
      project.close();
      return {};
    },
    "project.create": (input) => project.create(input),
    "project.adopt": (input) => project.adopt(input),
    "project.forget": ({ dir }) => {
      project.forget(dir);
      return {};
    },
    "folders.list": ({ dir }) => project.folders(dir),
    "project.tree": () => project.tree(),
    "project.read": ({ path }) => project.read(path),
    "project.write": (input) => project.write(input),
    "project.make": async ({ path, kind }) => {
      await project.make(path, kind);
      return {};
    },
    "project.rename": async ({ path, to }) => {
      await project.rename(path, to);
      return {};
    },
    "project.remove": async ({ path }) => {
      await project.remove(path);
      return {};
    },
    "project.findings": async () => ({ findings: await project.findings() }),
    "project.check_types": async (_input, { signal }) => ({ findings: await project.checkTypes(signal) }),
    "project.types": () => project.typeSources(),
  };
}

export function createProjectSources(project: HostProject): Pick<RpcSources, "project.changes"> {
  return { "project.changes": (_input, { signal }) => project.follow(signal) };
}
