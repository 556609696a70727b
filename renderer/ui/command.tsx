import { CopyButton } from "./copy-button.tsx";
import "./command.css";

/** A command line that can be run as it stands. */
export function Command({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
