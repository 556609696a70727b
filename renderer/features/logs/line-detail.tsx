import type { LogEvent } from "../../../core/contract/log-event.ts";
import type { Navigation } from "../../state/navigation.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { shortHash } from "../../ui/format.ts";
import { Pane } from "../../ui/pane.tsx";
import { LevelTag } from "./level-tag.tsx";

export interface LineDetailProps {
  readonly event: LogEvent;
  readonly extension: string | undefined;
  readonly navigation: Navigation;
  onFilter(text: string): void;
  onClose(): void;
}

/** One line whole, with what it belongs to. */
export function LineDetail({ event, extension, navigation, onFilter, onClose }: LineDetailProps) {
  return (
    <Pane
      title="Line"
      area="line"
      facts={<LevelTag level={event.level} />}
      actions={
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="pane-body line-detail">
        <pre>{event.message}</pre>
        {event.truncated && <p className="dim">Cut at the limit of a line.</p>}
        <p className="line-actions">
          <CopyButton text={event.message} what="the message" />
          <Button onClick={() => onFilter(`request:${event.request_id}`)}>Only this request</Button>
          <Button onClick={() => navigation.go("executions", { execution: event.request_id })}>
            Show the execution
          </Button>
        </p>
        <Facts>
          <Fact name="time">{event.ts}</Fact>
          <Fact name="stream">{event.stream}</Fact>
          <Fact name="extension">{extension ?? event.extension_id}</Fact>
          <Fact name="request">
            <code>{event.request_id}</code>
          </Fact>
          <Fact name="install">
            <code>{event.install_id}</code>
          </Fact>
          <Fact name="tenant">
            <code>{event.tenant_id}</code>
          </Fact>
          <Fact name="content hash">
            <code title={event.content_hash}>{shortHash(event.content_hash)}</code>
          </Fact>
        </Facts>
      </div>
    </Pane>
  );
}
