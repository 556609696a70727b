import { Tabs } from "@mantine/core";
import type { GatewayAnswer } from "../../state/host-api.ts";
import type { Navigation } from "../../state/navigation.ts";
import type { PreparedRequest } from "../../state/request-draft.ts";
import { handlerHeaders } from "../../state/requests/history-entry.ts";
import type { SentRequest } from "../../state/requests/request-console.ts";
import { Button } from "../../ui/button.tsx";
import type { WindowContext } from "../../window-context.ts";
import { HostCalls } from "../executions/host-calls.tsx";
import { LogRows } from "../logs/log-rows.tsx";
import { BodyView } from "./body-view.tsx";
import { DecisionLadder } from "./decision-ladder.tsx";
import { HeaderTable } from "./header-table.tsx";
import { SentView } from "./sent-view.tsx";
import { UsageFacts } from "./usage-facts.tsx";

export interface AnswerViewProps {
  readonly sent: PreparedRequest;
  readonly answer: GatewayAnswer;
  readonly source: SentRequest | undefined;
  readonly navigation: Navigation;
  readonly client: WindowContext["client"];
}

/** One answer, what matters first: a refusal leads with its ladder, a success with its cost and its body. */
export function AnswerView({ sent, answer, source, navigation, client }: AnswerViewProps) {
  const ladder = <DecisionLadder trace={answer.trace} navigation={navigation} />;
  const lines = answer.log_lines ?? [];
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
      <Tabs defaultValue="body" className="request-parts">
        <Tabs.List aria-label="Parts of the answer">
          <Tabs.Tab value="body">Body</Tabs.Tab>
          <Tabs.Tab value="headers">Headers {answer.headers.length}</Tabs.Tab>
          <Tabs.Tab value="logs">Logs {lines.length}</Tabs.Tab>
          {answer.execution_id !== undefined && (
            <Tabs.Tab value="calls">Host calls {answer.usage.host_calls}</Tabs.Tab>
          )}
          <Tabs.Tab value="sent">Sent</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="body">
          <BodyView body={answer.body} />
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <HeaderTable caption="Response headers" headers={answer.headers} />
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          {lines.length === 0 ? (
            <p className="dim">This request logged nothing.</p>
          ) : (
            <LogRows lines={lines} />
          )}
        </Tabs.Panel>
        {answer.execution_id !== undefined && (
          <Tabs.Panel value="calls" keepMounted={false}>
            <HostCalls
              client={client}
              executionId={answer.execution_id}
              usage={answer.usage}
              outcome={answer.error?.code ?? "succeeded"}
            />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="sent">
          <SentView
            method={sent.method}
            path={sent.path}
            headers={sent.headers}
            body={sent.body}
            handlerHeaders={source && handlerHeaders(source.install, sent, answer)}
          />
        </Tabs.Panel>
      </Tabs>
      {!answer.error && ladder}
      <p className="answer-links">
        <span className="dim">request</span> <code>{answer.request_id}</code>
        {answer.execution_id !== undefined && (
          <Button
            look="quiet"
            onClick={() => navigation.go("executions", { execution: answer.execution_id ?? "" })}
          >
            Show in Executions
          </Button>
        )}
        <Button look="quiet" onClick={() => navigation.go("logs", { request: answer.request_id })}>
          Show in Logs
        </Button>
      </p>
    </div>
  );
}
