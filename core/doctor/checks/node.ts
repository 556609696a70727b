import type { Check } from "../check.ts";

const REQUIRED_MAJOR = 24;

export const nodeCheck: Check = {
  name: "node",
  async run() {
    const major = Number(process.versions.node.split(".")[0]);
    return major >= REQUIRED_MAJOR
      ? { status: "pass", detail: `Node ${process.versions.node}` }
      : {
          status: "fail",
          detail: `Node ${process.versions.node}; the runner needs ${REQUIRED_MAJOR} or later`,
          fix: "Run npm ci in the workbench's folder: it brings Node 24 with it.",
        };
  },
};
