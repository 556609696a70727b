import type { Check } from "../check.ts";

const PACKAGES = [
  "@bytecodealliance/componentize-js",
  "componentize-qjs",
  "@bytecodealliance/jco-transpile",
  "rolldown",
  "typescript",
];

/** Resolves rather than loads: the engines weigh tens of megabytes and `doctor` should answer at once. */
export const toolchainCheck: Check = {
  name: "component_toolchain",
  async run() {
    const missing = PACKAGES.filter((name) => {
      try {
        import.meta.resolve(name);
        return false;
      } catch {
        return true;
      }
    });
    return missing.length === 0
      ? { status: "pass", detail: PACKAGES.join(", ") }
      : {
          status: "fail",
          detail: `missing: ${missing.join(", ")}`,
          fix: "Run npm ci in the workbench's folder.",
        };
  },
};
