import { type ReactNode, useState } from "react";
import { executionOutcomeSchema } from "../../../core/contract/execution-record.ts";
import { GATEWAY_STATUS } from "../../../core/contract/gateway-errors.ts";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import { VERIFICATION_CODES } from "../../../core/contract/verification.ts";
import { LAST_TIMES, type ListFilter } from "../../state/executions/list-filter.ts";
import { shortHash } from "../../ui/format.ts";
import { TimeRangeFields } from "../../ui/time-range.tsx";

const CODES = [...new Set([...Object.keys(GATEWAY_STATUS), ...VERIFICATION_CODES])].sort();
/** The choice of two times, beside the lengths. */
const RANGE = "range";
const STATUS = /^[1-5]\d\d$/;

export interface ExecutionFiltersProps {
  readonly filter: ListFilter;
  readonly installs: readonly InstalledExtension[];
  readonly tenants: HostState["tenants"];
  /** Beside the text: filters that were saved under a name. */
  readonly views: ReactNode;
  onChange(filter: ListFilter): void;
}

export function ExecutionFilters({ filter, installs, tenants, views, onChange }: ExecutionFiltersProps) {
  const set = (part: { [Key in keyof ListFilter]?: ListFilter[Key] | undefined }): void => {
    const entries = Object.entries({ ...filter, ...part });
    onChange(Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== "")));
  };
  const [isAsked, setRange] = useState(false);
  // A saved view may hold times.
  const isRange = isAsked || filter.since !== undefined || filter.until !== undefined;
  const names = [...new Set(installs.map(({ extension_name }) => extension_name))].sort();
  const versions = installs.filter(
    ({ extension_name }) => filter.extension === undefined || extension_name === filter.extension,
  );
  return (
    <search className="execution-filters">
      <div className="execution-filters-text">
        <input
          type="search"
          aria-label="Filter by text"
          title="Part of the path, the extension's name or the code; or the beginning of the request id"
          placeholder="path, extension, code, request id"
          value={filter.text ?? ""}
          onChange={(event) => set({ text: event.target.value.slice(0, 256) })}
        />
        {views}
      </div>
      <Choice
        name="Extension"
        every="every extension"
        value={filter.extension}
        options={names.map((name) => [name, name])}
        onChange={(extension) => set({ extension, version_id: undefined })}
      />
      <Choice
        name="Version"
        every="every version"
        value={filter.version_id}
        options={versions.map(({ version_id, version, content_hash }) => [
          version_id,
          `${version} ${shortHash(content_hash)}`,
        ])}
        onChange={(version_id) => set({ version_id })}
      />
      {tenants.length > 1 && (
        <Choice
          name="Tenant"
          every="every tenant"
          value={filter.tenant_id}
          options={tenants.map(({ id, name }) => [id, name])}
          onChange={(tenant_id) => set({ tenant_id })}
        />
      )}
      <Choice
        name="Outcome"
        every="every outcome"
        value={filter.outcome}
        options={executionOutcomeSchema.options.map((outcome) => [outcome, outcome])}
        onChange={(outcome) => set({ outcome: executionOutcomeSchema.safeParse(outcome).data })}
      />
      <Choice
        name="Code"
        every="every code"
        value={filter.code}
        options={CODES.map((code) => [code, code])}
        onChange={(code) => set({ code })}
      />
      <input
        className="execution-status"
        inputMode="numeric"
        aria-label="Status"
        placeholder="status"
        maxLength={3}
        defaultValue={filter.status ?? ""}
        key={filter.status ?? ""}
        onChange={({ target: { value } }) => {
          if (value === "" || STATUS.test(value)) set({ status: value === "" ? undefined : Number(value) });
        }}
      />
      <Choice
        name="Time"
        every="any time"
        value={isRange ? RANGE : filter.within_ms === undefined ? undefined : String(filter.within_ms)}
        options={[
          ...LAST_TIMES.map(([words, length]) => [String(length), words] as const),
          [RANGE, "since, until…"],
        ]}
        onChange={(length) => {
          setRange(length === RANGE);
          const within_ms = length === undefined || length === RANGE ? undefined : Number(length);
          set({ within_ms, since: undefined, until: undefined });
        }}
      />
      {isRange && <TimeRangeFields value={filter} onChange={({ since, until }) => set({ since, until })} />}
    </search>
  );
}

interface ChoiceProps {
  readonly name: string;
  /** In words: nothing chosen. */
  readonly every: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, words: string])[];
  onChange(value: string | undefined): void;
}

function Choice({ name, every, value, options, onChange }: ChoiceProps) {
  const isKnown = value === undefined || options.some(([option]) => option === value);
  return (
    <select
      aria-label={name}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
    >
      <option value="">{every}</option>
      {/* A saved view may name what is not installed any more. */}
      {!isKnown && <option value={value}>{value}</option>}
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  );
}
