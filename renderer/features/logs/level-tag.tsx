import type { LogLevel } from "../../../core/contract/log-event.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";

const TONES: Record<LogLevel, Tone> = { debug: "plain", info: "accent", warn: "warn", error: "bad" };

export function LevelTag({ level }: { readonly level: LogLevel }) {
  return <Tag tone={TONES[level]}>{level}</Tag>;
}
