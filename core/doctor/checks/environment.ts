import {
  ENVIRONMENT_VARIABLES,
  EnvironmentError,
  readEnvironment,
  SECRET_VARIABLES,
} from "../../platform/environment.ts";
import type { Check } from "../check.ts";

const LONGEST_SHOWN = 60;

/** Which variables are in force, or which of them stop every other command. */
export const environmentCheck: Check = {
  name: "environment",
  async run({ env, platform }) {
    try {
      readEnvironment(env, platform);
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      return { status: "fail", detail: error.message, ...(error.hint ? { fix: error.hint } : {}) };
    }
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
