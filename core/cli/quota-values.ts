import { LIMIT_NAMES, limitDefinition } from "../contract/limit-catalogue.ts";
import { formatLimit, parseLimit } from "../contract/limit-units.ts";
import { UsageError } from "./terminal.ts";

/** `limit=value` words as figures by name. @throws UsageError that says what was expected of each wrong one */
export function limitsOf(words: readonly string[]): Record<string, number> {
  const problems: string[] = [];
  const limits: Record<string, number> = {};
  for (const word of words) {
    const split = word.indexOf("=");
    const definition = split < 1 ? undefined : limitDefinition(word.slice(0, split));
    if (definition === undefined) {
      problems.push(`${JSON.stringify(word.slice(0, 64))} is not limit=value for a limit that there is`);
      continue;
    }
    const parsed = parseLimit(definition, word.slice(split + 1));
    if ("problem" in parsed) problems.push(parsed.problem);
    else limits[definition.name] = parsed.value;
  }
  if (problems.length > 0) throw new UsageError(problems.join("; "), `Limits: ${LIMIT_NAMES.join(", ")}.`);
  return limits;
}

/** A figure with its unit. */
export function limitText(name: string, value: number): string {
  const definition = limitDefinition(name);
  return definition === undefined ? String(value) : formatLimit(definition, value);
}
