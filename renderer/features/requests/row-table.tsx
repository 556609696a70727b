import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import "./row-table.css";

export interface Row {
  readonly name: string;
  readonly value: string;
  readonly enabled?: boolean;
}

export interface RowTableProps {
  /** What a row is, e.g. `header`; names the fields. */
  readonly what: string;
  readonly rows: readonly Row[];
  /** Offered for completion of names. */
  readonly names?: readonly string[];
  /** Whether a row can be switched off without being removed. */
  readonly canDisable?: boolean;
  onChange(rows: readonly Row[]): void;
}

/** Names and values to type into; there is always one empty row at the end. */
export function RowTable({ what, rows, names = [], canDisable = false, onChange }: RowTableProps) {
  const shown = [...rows, { name: "", value: "" }];
  const change = (index: number, part: Partial<Row>): void =>
    onChange(
      shown
        .map((row, place) => (place === index ? { ...row, ...part } : row))
        .filter((row, place) => place < rows.length || row.name !== "" || row.value !== ""),
    );
  const suggestions = `names-of-${what.replaceAll(" ", "-")}`;
  return (
    <div className="row-table">
      {names.length > 0 && (
        <datalist id={suggestions}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      {shown.map((row, index) => (
        // Rows are typed into where they stand: the place is the identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div className="row-table-row" key={index}>
          {canDisable && (
            <input
              type="checkbox"
              aria-label={`Send ${what} ${index + 1}`}
              checked={row.enabled ?? true}
              disabled={index === rows.length}
              onChange={(event) => change(index, { enabled: event.target.checked })}
            />
          )}
          <input
            className="mono"
            aria-label={`Name of ${what} ${index + 1}`}
            placeholder="name"
            value={row.name}
            {...(names.length > 0 ? { list: suggestions } : {})}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <input
            className="mono"
            aria-label={`Value of ${what} ${index + 1}`}
            placeholder="value"
            value={row.value}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <ActionIcon
            aria-label={`Remove ${what} ${index + 1}`}
            disabled={index === rows.length}
            onClick={() => onChange(rows.filter((_, place) => place !== index))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
    </div>
  );
}
