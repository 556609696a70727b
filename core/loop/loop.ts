import type { LoopStage } from "../contract/rpc/loop.ts";

export interface StageReport {
  readonly stage: LoopStage;
  readonly ms: number;
}

/** One turn's work, step by step; each step gets what the one before made. */
export interface LoopPorts {
  build(signal: AbortSignal): Promise<void>;
  pack(): Promise<{ archive: Uint8Array; content_hash: string }>;
  sign(archive: Uint8Array): Promise<{ signature: string; key_id: string }>;
  publish(archive: Uint8Array, signature: string): Promise<{ name: string; version: string }>;
  install(published: { name: string; version: string }): Promise<{ install_id: string }>;
}

export interface LoopResult {
  readonly content_hash: string;
  readonly name: string;
  readonly version: string;
  readonly install_id: string;
  /** The key that signed. */
  readonly key_id: string;
  readonly stages: readonly StageReport[];
  readonly duration_ms: number;
}

interface LoopOptions {
  readonly signal: AbortSignal;
  /** Called as a stage begins. */
  readonly onBegin?: ((stage: LoopStage) => void) | undefined;
  /** Called as a stage ends well. */
  readonly onStage: (report: StageReport) => void;
}

/**
 * From saved sources to a running install. Stops between stages when aborted; a stage that has begun to write
 * (publish, install) is one transaction of its own and is never half done.
 */
export async function runLoop(ports: LoopPorts, options: LoopOptions): Promise<LoopResult> {
  const stages: StageReport[] = [];
  const started = performance.now();
  const timed = async <T>(stage: LoopStage, work: () => Promise<T>): Promise<T> => {
    options.signal.throwIfAborted();
    options.onBegin?.(stage);
    const from = performance.now();
    const value = await work();
    const report = { stage, ms: performance.now() - from };
    stages.push(report);
    options.onStage(report);
    return value;
  };
  await timed("build", () => ports.build(options.signal));
  const packed = await timed("pack", () => ports.pack());
  const signed = await timed("sign", () => ports.sign(packed.archive));
  const published = await timed("publish", () => ports.publish(packed.archive, signed.signature));
  const installed = await timed("install", () => ports.install(published));
  return {
    content_hash: packed.content_hash,
    name: published.name,
    version: published.version,
    install_id: installed.install_id,
    key_id: signed.key_id,
    stages,
    duration_ms: performance.now() - started,
  };
}
