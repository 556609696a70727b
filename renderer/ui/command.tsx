import { Fragment } from "react";
import { CopyButton } from "./copy-button.tsx";
import "./command.css";

/** A command line that can be run as it stands. */
export function Command({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="command">
      <code>
        {text.split(" ").map((word, index) => (
          // The same word may stand in a line twice, and words are never moved: the place is the identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Fragment key={index}>
            {index > 0 && " "}
            <span className="command-word">{word}</span>
          </Fragment>
        ))}
      </code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
