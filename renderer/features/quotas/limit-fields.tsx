import { TextInput } from "@mantine/core";
import {
  CALL_LIMITS,
  type LimitDefinition,
  type LimitName,
  WINDOW_LIMITS,
} from "../../../core/contract/limit-catalogue.ts";
import { formatLimit } from "../../../core/contract/limit-units.ts";
import type { InstallQuota } from "../../../core/contract/rpc/quotas.ts";
import { type LimitDraft, problemOf } from "../../state/quotas/limit-draft.ts";

export interface LimitFieldsProps {
  readonly draft: LimitDraft;
  /** What holds where a field is left empty, with its source. */
  readonly inForce?: InstallQuota["limits"] | undefined;
  /** Only what can be counted over several installs. */
  readonly sharedOnly?: boolean;
  onChange(draft: LimitDraft): void;
}

const SHARED: ReadonlySet<LimitName> = new Set(["rate_per_minute", "rate_burst", "concurrency"]);

/** A field for every limit: figures with their units, the quotas over windows folded away. */
export function LimitFields({ draft, inForce, sharedOnly = false, onChange }: LimitFieldsProps) {
  const calls = CALL_LIMITS.filter(({ name }) => !sharedOnly || SHARED.has(name));
  const set = WINDOW_LIMITS.filter(({ name }) => (draft[name] ?? "") !== "").length;
  const field = (definition: LimitDefinition) => (
    <LimitField
      key={definition.name}
      definition={definition}
      draft={draft}
      inForce={inForce}
      onChange={onChange}
    />
  );
  return (
    <>
      <div className="form-row">{calls.map(field)}</div>
      <details className="limit-windows">
        <summary>Quotas a minute, an hour, a day, a month{set > 0 && ` (${set} set)`}</summary>
        <div className="form-row">{WINDOW_LIMITS.map(field)}</div>
      </details>
    </>
  );
}

interface LimitFieldProps extends Pick<LimitFieldsProps, "draft" | "inForce" | "onChange"> {
  readonly definition: LimitDefinition;
}

function LimitField({ definition, draft, inForce, onChange }: LimitFieldProps) {
  const { name, label } = definition;
  const limit = inForce?.[name];
  return (
    <TextInput
      label={label}
      description={limit ? sourceWords(limit.source) : undefined}
      placeholder={limit ? formatLimit(definition, limit.value) : "no limit"}
      value={draft[name] ?? ""}
      error={problemOf(definition, draft[name])}
      onChange={({ currentTarget }) => onChange({ ...draft, [name]: currentTarget.value })}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

function sourceWords(source: string): string {
  if (source === "default") return "the default";
  const [whose = "", what = ""] = source.split(":");
  const [kind, name] = what.split(".");
  return kind === "profile" ? `the ${whose}'s profile ${name}` : `set for the ${whose}`;
}
