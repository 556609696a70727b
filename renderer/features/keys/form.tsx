import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import type { ActionState } from "../../state/keys/action.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import "./form.css";

export interface FormProps {
  readonly label: string;
  readonly submit: string;
  readonly state: ActionState<unknown>;
  /** The command line that does the same. */
  readonly command?: string;
  readonly isReady?: boolean;
  readonly isDangerous?: boolean;
  onSubmit(): void;
  /** Gives up what is under way, else leaves the form. */
  onCancel?: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** A form in a pane: fields, its one action, what went wrong, and the command line that does the same. */
export function Form(props: FormProps) {
  const { label, submit, state, command, isReady = true, isDangerous = false, onCancel, children } = props;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady && !state.running) props.onSubmit();
  };
  return (
    <form className="form" aria-label={label} onSubmit={send} noValidate>
      {children}
      {state.failure && <FailureNotice failure={state.failure} />}
      <div className="form-actions">
        <Button
          type="submit"
          {...(isDangerous ? { color: "red" } : {})}
          disabled={!isReady}
          loading={state.running}
        >
          {submit}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      {command && <Command text={command} what="the command that does the same" />}
    </form>
  );
}
