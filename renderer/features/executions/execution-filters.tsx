import { useState } from "react";
import { executionOutcomeSchema } from "../../../core/contract/execution-record.ts";
import { GATEWAY_STATUS } from "../../../core/contract/gateway-errors.ts";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { VERIFICATION_CODES } from "../../../core/contract/verification.ts";
import type { ListFilter } from "../../state/executions/execution-list.ts";

const MINUTE_MS = 60_000;
const RANGES = [
  ["any time", undefined],
  ["last 15 min", 15 * MINUTE_MS],
  ["last hour", 60 * MINUTE_MS],
  ["last 24 h", 24 * 60 * MINUTE_MS],
] as const;
const CODES = [...new Set([...Object.keys(GATEWAY_STATUS), ...VERIFICATION_CODES])].sort();

export interface ExecutionFiltersProps {
  readonly filter: ListFilter;
  readonly installs: readonly InstalledExtension[];
  onChange(filter: ListFilter): void;
}

export function ExecutionFilters({ filter, installs, onChange }: ExecutionFiltersProps) {
  const [range, setRange] = useState(0);
  const set = (part: { [Key in keyof ListFilter]?: ListFilter[Key] | undefined }): void => {
    const entries = Object.entries({ ...filter, ...part });
    onChange(Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== "")));
  };
  const names = [...new Set(installs.map(({ extension_name }) => extension_name))].sort();
  return (
    <search className="execution-filters">
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="path, extension, code, request id"
        value={filter.text ?? ""}
        onChange={(event) => set({ text: event.target.value.slice(0, 256) })}
      />
      <select
        aria-label="Extension"
        value={filter.extension ?? ""}
        onChange={(event) => set({ extension: event.target.value })}
      >
        <option value="">every extension</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label="Outcome"
        value={filter.outcome ?? ""}
        onChange={(event) => {
          const outcome = executionOutcomeSchema.safeParse(event.target.value);
          set({ outcome: outcome.data });
        }}
      >
        <option value="">every outcome</option>
        {executionOutcomeSchema.options.map((outcome) => (
          <option key={outcome}>{outcome}</option>
        ))}
      </select>
      <select
        aria-label="Code"
        value={filter.code ?? ""}
        onChange={(event) => set({ code: event.target.value })}
      >
        <option value="">every code</option>
        {CODES.map((code) => (
          <option key={code}>{code}</option>
        ))}
      </select>
      <select
        aria-label="Time"
        value={range}
        onChange={(event) => {
          const index = Number(event.target.value);
          const length = RANGES[index]?.[1];
          setRange(index);
          set({ since: length === undefined ? undefined : new Date(Date.now() - length).toISOString() });
        }}
      >
        {RANGES.map(([words], index) => (
          <option key={words} value={index}>
            {words}
          </option>
        ))}
      </select>
    </search>
  );
}
