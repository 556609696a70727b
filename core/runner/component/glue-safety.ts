/** Placeholder replaced below. */
export function requireSafeGlue(_source: string): void {}
