import { shortId } from "../../../core/contract/short-id.ts";
import type { GatewayAnswer } from "../../state/host-api.ts";
import { formatDuration } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { AnswerView } from "./answer-view.tsx";
import { requestConsoleOf } from "./request-console-of.ts";
import "./response-pane.css";

export function ResponsePane({ context }: { readonly context: WindowContext }) {
  const exchange = useStore(context.state.exchange);
  const source = useStore(requestConsoleOf(context).sent);
  const answer = exchange.phase === "answered" ? exchange.answer : undefined;
  return (
    <Pane title="Response" area="response" facts={answer && <AnswerFacts answer={answer} />}>
      <div className="pane-body">
        {/* Told as it happens, but only the outcome: the whole answer would be read aloud. */}
        <p className="visually-hidden" role="status">
          {answer ? `Answered with status ${answer.status} ${answer.error?.code ?? ""}` : exchange.phase}
        </p>
        {exchange.phase === "idle" && <Notice title="Nothing has been sent yet." />}
        {exchange.phase === "sending" && (
          <Notice title={`Waiting for ${exchange.sent.method} ${exchange.sent.path} …`} />
        )}
        {exchange.phase === "cancelled" && <Notice title="– Cancelled. The host was told to stop." />}
        {exchange.phase === "failed" && <FailureNotice failure={exchange.failure} />}
        {exchange.phase === "answered" && (
          <AnswerView
            key={exchange.answer.request_id}
            sent={exchange.sent}
            answer={exchange.answer}
            source={source?.request === exchange.sent ? source : undefined}
            navigation={context.navigation}
            client={context.client}
          />
        )}
      </div>
    </Pane>
  );
}

function AnswerFacts({ answer }: { readonly answer: GatewayAnswer }) {
  return (
    <>
      <Tag tone={toneOf(answer)}>
        {answer.status}
        {answer.error && ` ${answer.error.code}`}
      </Tag>
      <span>{formatDuration(answer.usage.duration_ms)}</span>
      <span className="mono" title={answer.request_id}>
        {shortId(answer.request_id)}
      </span>
    </>
  );
}

/** Later is amber (try again), refused and failed are red; an extension's own error status is its own affair. */
function toneOf(answer: GatewayAnswer): Tone {
  if (answer.status === 429) return "warn";
  return answer.error === undefined && answer.status < 400 ? "ok" : "bad";
}
