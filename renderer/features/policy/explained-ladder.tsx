import type { ExplainedDecision, PolicyExplanation } from "../../../core/contract/policy-explanation.ts";
import type { Navigation } from "../../state/navigation.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import "../requests/decision-ladder.css";

const MARKS = { allow: "✓", deny: "✕", unknown: "·" } as const;
const WORDS = { allow: "allows", deny: "refuses", unknown: "not known before the call" } as const;
const CLASSES = {
  allow: "rung rung-allowed",
  deny: "rung rung-denied",
  unknown: "rung rung-unknown",
} as const;

/** Every rule of the gateway in order, with what to change where one refuses. */
export function ExplainedLadder({
  explanation,
  navigation,
}: {
  readonly explanation: PolicyExplanation;
  /** Leads to the manifest's line; absent: the line is only named. */
  readonly navigation?: Navigation | undefined;
}) {
  return (
    <ol className="ladder" aria-label="Rules, in order">
      {explanation.decisions.map((decision) => (
        <li
          key={decision.rule}
          className={`${CLASSES[decision.outcome]}${decision.rule === explanation.refused_by ? " rung-first" : ""}`}
        >
          <span role="img" aria-label={WORDS[decision.outcome]}>
            {MARKS[decision.outcome]}
          </span>
          <span>{decision.rule.replaceAll("_", " ")}</span>
          <div>
            {decision.code && (
              <strong>
                {decision.status} {decision.code}{" "}
              </strong>
            )}
            {decision.detail} <span className="rung-source">{decision.source}</span>
            <RemedyView decision={decision} navigation={navigation} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function RemedyView({
  decision: { rule, remedy },
  navigation,
}: {
  readonly decision: ExplainedDecision;
  readonly navigation: Navigation | undefined;
}) {
  if (remedy === undefined) return undefined;
  const { text, command, manifest } = remedy;
  const line = manifest?.line;
  return (
    <div className="rung-remedy">
      <span>{text}</span>
      {line !== undefined && (
        <span>
          manifest.json, line {line}
          {navigation && (
            <Button
              look="quiet"
              onClick={() => navigation.go("project", { file: "manifest.json", line: String(line) })}
            >
              Show in the project
            </Button>
          )}
        </span>
      )}
      {command && <Command text={command} what={`the command for ${rule.replaceAll("_", " ")}`} />}
    </div>
  );
}
