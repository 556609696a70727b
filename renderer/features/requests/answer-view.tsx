import type { GatewayAnswer } from "../../state/host-api.ts";
import type { PreparedRequest } from "../../state/request-draft.ts";
import { BodyView } from "./body-view.tsx";
import { DecisionLadder } from "./decision-ladder.tsx";
import { UsageFacts } from "./usage-facts.tsx";

export interface AnswerViewProps {
  readonly sent: PreparedRequest;
  readonly answer: GatewayAnswer;
}

/** One answer, what matters first: a refusal leads with its ladder, a success with its cost and its body. */
export function AnswerView({ sent, answer }: AnswerViewProps) {
  const ladder = <DecisionLadder trace={answer.trace} />;
  return (
    <div className="answer">
      <p className="answer-sent mono">
        {sent.method} {sent.path}
      </p>
      {answer.error && (
        <p className="answer-error">
          ✕ <strong>{answer.error.code}</strong> {answer.error.message}
        </p>
      )}
      {answer.error && ladder}
      <UsageFacts usage={answer.usage} />
      <BodyView body={answer.body} />
      {!answer.error && ladder}
      <h3>Headers</h3>
      <table className="headers">
        <caption className="visually-hidden">Response headers</caption>
        <tbody>
          {answer.headers.map(({ name, value }, index) => (
            // A name may repeat and nothing is ever inserted between: the place is the identity.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <tr key={index}>
              <th scope="row">{name}</th>
              <td className="mono">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
