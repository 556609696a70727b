import { ENVIRONMENT_VARIABLES, SECRET_VARIABLES } from "../../platform/environment.ts";
import type { Check } from "../check.ts";

const LONGEST_SHOWN = 60;

/** Bad values have stopped the start already; this one shows which variables are in force. */
export const environmentCheck: Check = {
  name: "environment",
  async run({ env }) {
    const set = ENVIRONMENT_VARIABLES.filter((name) => env[name]);
    return {
      status: "pass",
      detail: set.map((name) => `${name}=${shown(name, env[name] ?? "")}`).join(" ") || "nothing set",
    };
  },
};

function shown(name: string, value: string): string {
  if (SECRET_VARIABLES.has(name)) return "(set)";
  return value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
}
