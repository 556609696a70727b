import { createServer } from "node:net";
import type { Check } from "../check.ts";

export const portsCheck: Check = {
  name: "ports",
  async run({ environment }) {
    const wanted = [
      ["WORKBENCH_PORT", environment.WORKBENCH_PORT],
      ["WORKBENCH_RUNNER_PORT", environment.WORKBENCH_RUNNER_PORT],
    ] as const;
    const taken: string[] = [];
    for (const [name, port] of wanted) {
      if (!(await isFree(port))) taken.push(`${name} (${port})`);
    }
    return taken.length === 0
      ? {
          status: "pass",
          detail: wanted.map(([name, port]) => `${name} ${port === 0 ? "any free port" : port}`).join(", "),
        }
      : {
          status: "fail",
          detail: `in use: ${taken.join(", ")}`,
          fix: "Stop what uses the port, or give another one (0 takes any free port).",
        };
  },
};

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
