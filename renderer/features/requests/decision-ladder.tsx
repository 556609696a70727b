import type { Decision } from "../../../core/contract/decision.ts";
import "./decision-ladder.css";

/** Every decision that was asked, in order; the refusal stands out, and what it kept from being asked is said. */
export function DecisionLadder({ trace }: { readonly trace: readonly Decision[] }) {
  const isRefused = trace.some((decision) => decision.outcome === "deny");
  return (
    <section aria-label="Decisions">
      <h3>Decisions</h3>
      <ol className="ladder">
        {trace.map((decision) => (
          <Rung key={decision.rule} decision={decision} />
        ))}
        {isRefused && (
          <li className="rung">
            <span aria-hidden>·</span>
            <span>the rest</span>
            <span>not reached</span>
          </li>
        )}
      </ol>
    </section>
  );
}

function Rung({ decision }: { readonly decision: Decision }) {
  const isDenied = decision.outcome === "deny";
  return (
    <li className={isDenied ? "rung rung-denied" : "rung rung-allowed"}>
      <span role="img" aria-label={isDenied ? "refused" : "allowed"}>
        {isDenied ? "✕" : "✓"}
      </span>
      <span>{decision.rule.replaceAll("_", " ")}</span>
      <span>
        {decision.code && <strong>{decision.code} </strong>}
        {decision.detail} <span className="rung-source">{decision.source}</span>
      </span>
    </li>
  );
}
