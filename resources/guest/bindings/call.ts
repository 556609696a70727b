/** Both engines throw an error of their own that carries the WIT error case as `payload`. */
export function caseOf(thrown: unknown): string | undefined {
  if (typeof thrown === "string") return thrown;
  const payload = (thrown as { payload?: unknown } | null | undefined)?.payload;
  return typeof payload === "string" ? payload : undefined;
}

/** Makes a host call that says who refused and why; `payload` stays for code that reads it. */
export function call<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    const code = caseOf(thrown);
    if (code === undefined) throw thrown;
    throw Object.assign(new Error(`${name}: ${code}`), { name: "HostError", code, payload: code });
  }
}
