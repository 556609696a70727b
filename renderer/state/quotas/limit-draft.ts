import {
  isLimitName,
  type LimitDefinition,
  type LimitName,
  limitDefinition,
} from "../../../core/contract/limit-catalogue.ts";
import type { LimitOverrides } from "../../../core/contract/limit-overrides.ts";
import { formatLimit, parseLimit } from "../../../core/contract/limit-units.ts";
import { commandLine } from "../command-line.ts";
import type { QuotaTarget } from "./target.ts";

/** Figures as they are typed, by name of the limit; empty: not set. */
export type LimitDraft = Readonly<Partial<Record<LimitName, string>>>;

export function draftOfLimits(limits: LimitOverrides): LimitDraft {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, value]) => {
      const definition = limitDefinition(name);
      return definition === undefined || value === undefined ? [] : [[name, formatLimit(definition, value)]];
    }),
  );
}

/** What is typed, over other stored figures than it began with: fields that were left alone follow them. */
export function rebasedDraft(draft: LimitDraft, before: LimitOverrides, after: LimitOverrides): LimitDraft {
  const began = draftOfLimits(before);
  const typed = Object.entries(draft).filter(
    ([name, text]) => isLimitName(name) && text !== (began[name] ?? ""),
  );
  return { ...draftOfLimits(after), ...Object.fromEntries(typed) };
}

/** What is wrong with the text, in words; `undefined` for what can be read and for nothing. */
export function problemOf(definition: LimitDefinition, text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const parsed = parseLimit(definition, text);
  return "problem" in parsed ? parsed.problem.replace(`${definition.name}: `, "") : undefined;
}

/** What the draft changes of what is set; `null` takes a figure away. What cannot be read changes nothing. */
export function changesOf(draft: LimitDraft, set: LimitOverrides): Record<string, number | null> {
  const changes: Record<string, number | null> = {};
  const names = new Set([...Object.keys(draft), ...Object.keys(set)]);
  for (const name of names) {
    const definition = limitDefinition(name);
    if (definition === undefined) continue;
    const text = draft[definition.name]?.trim() ?? "";
    const before = set[definition.name];
    if (text === "") {
      if (before !== undefined) changes[name] = null;
      continue;
    }
    const parsed = parseLimit(definition, text);
    if ("value" in parsed && parsed.value !== before) changes[name] = parsed.value;
  }
  return changes;
}

/** The figures of a whole draft, as a profile holds them. */
export function limitsOfDraft(draft: LimitDraft): LimitOverrides {
  const figures = Object.entries(changesOf(draft, {})).filter(([, value]) => value !== null);
  return Object.fromEntries(figures);
}

export interface QuotaSetWords {
  readonly changes?: Readonly<Record<string, number | null>>;
  readonly isShared?: boolean;
  /** `null`: none. */
  readonly profile?: string | null | undefined;
  readonly reset?: boolean;
}

/** The command line that sets the same. */
export function quotaSetCommand(target: QuotaTarget, words: QuotaSetWords): string {
  const { changes = {}, isShared = target.kind === "extension", profile, reset = false } = words;
  return commandLine([
    ...["workbench", "quota", "set"],
    ...(target.kind === "tenant" ? [] : [target.extension]),
    ...["--tenant", target.tenantId],
    ...(reset ? ["--reset"] : []),
    ...(profile === undefined ? [] : ["--profile", profile ?? "none"]),
    ...(isShared && Object.keys(changes).length > 0 ? ["--shared"] : []),
    ...limitWords(changes),
  ]);
}

export function quotaShowCommand(target: QuotaTarget): string {
  const ref = target.kind === "tenant" ? [] : [target.extension];
  return commandLine(["workbench", "quota", "show", ...ref, "--tenant", target.tenantId]);
}

export function profileSetCommand(name: string, limits: LimitOverrides): string {
  const changes = Object.entries(limits).flatMap(([limit, value]) =>
    value === undefined ? [] : [[limit, value] as const],
  );
  return commandLine([
    "workbench",
    "quota",
    "profiles",
    "set",
    name,
    ...limitWords(Object.fromEntries(changes)),
  ]);
}

function limitWords(changes: Readonly<Record<string, number | null>>): string[] {
  return Object.entries(changes).map(([name, value]) => {
    const definition = limitDefinition(name);
    return `${name}=${value === null || definition === undefined ? "none" : formatLimit(definition, value)}`;
  });
}
