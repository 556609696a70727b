import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import "./token-form.css";

export interface TokenFormProps {
  /** Answers what is wrong with the address; nothing when it is tried. */
  onAddress(text: string): string | undefined;
}

/** Joins this page to a host that was started again, so that nothing in the page is lost to a reload. */
export function TokenForm({ onAddress }: TokenFormProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const take = (event: FormEvent): void => {
    event.preventDefault();
    setProblem(onAddress(text));
    setText("");
  };
  return (
    <form className="token-form" aria-label="Connect again" onSubmit={take}>
      <Field label="Address that the host printed" note="it ends in its token" problem={problem}>
        {(ids) => (
          <input
            {...ids}
            // It opens the host: not for a screen that is shared or photographed.
            type="password"
            autoComplete="off"
            className="mono"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
          />
        )}
      </Field>
      <Button type="submit" disabled={text.trim() === ""}>
        Connect
      </Button>
    </form>
  );
}
