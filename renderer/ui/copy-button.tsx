import { IconCheck, IconCopy, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { Button } from "./button.tsx";

const ICONS = { ready: IconCopy, copied: IconCheck, refused: IconX };
const WORDS = { ready: "Copy", copied: "Copied", refused: "Not copied" };

/** Copies a text and says whether it worked; ready again as soon as the pointer or the focus leaves. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [state, setState] = useState<keyof typeof ICONS>("ready");
  const Icon = ICONS[state];
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  const reset = (): void => setState("ready");
  return (
    <Button look="quiet" onClick={copy} onBlur={reset} onPointerLeave={reset} title={`Copy ${what}`}>
      <Icon size={14} aria-hidden />
      <span aria-live="polite">{WORDS[state]}</span>
      <span className="visually-hidden">{what}</span>
    </Button>
  );
}
