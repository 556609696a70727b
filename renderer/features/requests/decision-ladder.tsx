import type { Decision } from "../../../core/contract/decision.ts";
import { SCREENS } from "../../screens.ts";
import type { Navigation } from "../../state/navigation.ts";
import { mendingOf } from "../../state/requests/mending.ts";
import { Button } from "../../ui/button.tsx";
import "./decision-ladder.css";

export interface DecisionLadderProps {
  readonly trace: readonly Decision[];
  /** Leads to the place where a refusal is mended; absent: the place is only named. */
  readonly navigation?: Navigation | undefined;
}

/** Every decision that was asked, in order; the refusal stands out, and what it kept from being asked is said. */
export function DecisionLadder({ trace, navigation }: DecisionLadderProps) {
  const isRefused = trace.some((decision) => decision.outcome === "deny");
  return (
    <section aria-label="Decisions">
      <h3>Decisions</h3>
      {trace.length === 0 && <p className="dim">None was recorded.</p>}
      <ol className="ladder">
        {trace.map((decision) => (
          <Rung key={decision.rule} decision={decision} navigation={navigation} />
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

interface RungProps {
  readonly decision: Decision;
  readonly navigation: Navigation | undefined;
}

function Rung({ decision, navigation }: RungProps) {
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
        {isDenied && <Mend decision={decision} navigation={navigation} />}
      </span>
    </li>
  );
}

function Mend({ decision, navigation }: RungProps) {
  const mending = mendingOf(decision);
  if (mending === undefined) return undefined;
  const { words, place } = mending;
  return (
    <span className="rung-mending">
      {words}
      {place && navigation && SCREENS.has(place.screen) && (
        <Button look="quiet" onClick={() => navigation.go(place.screen, place.params)}>
          Show in {place.screen}
        </Button>
      )}
    </span>
  );
}
