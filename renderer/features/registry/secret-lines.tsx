import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { Button as QuietButton } from "../../ui/button.tsx";

export interface SecretLinesProps {
  /** Keys that are stored; their values never come back. */
  readonly keys: readonly string[];
  /** Values that wait to be sent. */
  readonly changes: Readonly<Record<string, string>>;
  onChange(changes: Readonly<Record<string, string>>): void;
  /** Absent while there is no install to take them from. */
  onRemove?: ((key: string) => void) | undefined;
}

/** Write-only: what is stored shows as its name; a value that is typed goes to the host and is not kept here. */
export function SecretLines({ keys, changes, onChange, onRemove }: SecretLinesProps) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const isReady = key.trim() !== "" && value !== "";
  const add = (): void => {
    if (!isReady) return;
    onChange({ ...changes, [key.trim()]: value });
    setKey("");
    setValue("");
  };
  const withdraw = (name: string): void =>
    onChange(Object.fromEntries(Object.entries(changes).filter(([other]) => other !== name)));
  return (
    <fieldset className="secrets">
      <legend>Secrets</legend>
      {keys.length + Object.keys(changes).length === 0 && <p className="dim">None are stored.</p>}
      <ul>
        {keys
          .filter((stored) => !Object.hasOwn(changes, stored))
          .map((stored) => (
            <li key={stored}>
              <span className="mono">{stored}</span> <span className="dim">stored, never shown</span>
              {onRemove && (
                <QuietButton
                  look="quiet"
                  onClick={() => onRemove(stored)}
                  aria-label={`Remove the secret ${stored}`}
                >
                  Remove
                </QuietButton>
              )}
            </li>
          ))}
        {Object.keys(changes).map((name) => (
          <li key={name}>
            <span className="mono">{name}</span>{" "}
            <span className="dim">{keys.includes(name) ? "will be replaced" : "will be stored"}</span>
            <QuietButton
              look="quiet"
              onClick={() => withdraw(name)}
              aria-label={`Do not change the secret ${name}`}
            >
              Undo
            </QuietButton>
          </li>
        ))}
      </ul>
      <div className="form-row">
        <TextInput
          label="Key"
          value={key}
          onChange={({ currentTarget }) => setKey(currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
        <PasswordInput
          label="Value"
          value={value}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
          autoComplete="off"
        />
      </div>
      <div className="form-actions">
        <Button variant="default" disabled={!isReady} onClick={add}>
          {keys.includes(key.trim()) ? "Replace secret" : "Add secret"}
        </Button>
      </div>
    </fieldset>
  );
}
