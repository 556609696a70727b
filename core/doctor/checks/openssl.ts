import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Check } from "../check.ts";

const TIMEOUT_MS = 5_000;

export const opensslCheck: Check = {
  name: "openssl",
  async run() {
    try {
      const { stdout } = await promisify(execFile)("openssl", ["version"], { timeout: TIMEOUT_MS });
      return { status: "pass", detail: stdout.trim() };
    } catch {
      return {
        status: "warn",
        detail: "not found (optional: only to check signatures with another tool, and for its tests)",
        fix: "Install OpenSSL 3 with your system's package manager.",
      };
    }
  },
};
