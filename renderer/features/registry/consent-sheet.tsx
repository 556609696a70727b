import { Checkbox } from "@mantine/core";
import { type Capability, DEFAULT_CAPABILITIES } from "../../../core/contract/capability.ts";
import { consentOf } from "../../state/registry/capability-words.ts";
import { Tag } from "../../ui/tag.tsx";

export interface ConsentSheetProps {
  readonly name: string;
  readonly requested: readonly Capability[];
  readonly granted: readonly Capability[];
  /** Asked for by a newer version and never before: marked, and not granted by itself. */
  readonly fresh?: readonly Capability[];
  onChange(granted: Capability[]): void;
}

/** What the extension asks to be allowed, one sentence each, to be granted or not. */
export function ConsentSheet({ name, requested, granted, fresh = [], onChange }: ConsentSheetProps) {
  const asked = requested.filter((capability) => !DEFAULT_CAPABILITIES.includes(capability));
  const toggle = (capability: Capability, isGranted: boolean): void => {
    const others = granted.filter((other) => other !== capability);
    onChange(isGranted ? [...others, capability] : others);
  };
  return (
    <fieldset className="consent">
      <legend>
        {asked.length === 0 ? `${name} asks for nothing more than every install has` : `${name} asks to`}
      </legend>
      {asked.map((capability) => {
        const { sentence, weight } = consentOf(capability);
        return (
          <Checkbox
            key={capability}
            checked={granted.includes(capability)}
            onChange={({ currentTarget }) => toggle(capability, currentTarget.checked)}
            label={
              <span className="consent-words">
                {sentence} {fresh.includes(capability) && <Tag tone="accent">new</Tag>}{" "}
                {weight === "high" && <Tag tone="warn">! think twice</Tag>}
              </span>
            }
            description={<code>{capability}</code>}
          />
        );
      })}
      <p className="dim">
        Every install may:{" "}
        {DEFAULT_CAPABILITIES.map((capability) => consentOf(capability).sentence).join(" ")}
      </p>
    </fieldset>
  );
}
