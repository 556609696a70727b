import { useId } from "react";
import type { Side } from "../../state/keys/keys-state.ts";
import { Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { GenerateForm } from "./generate-form.tsx";
import { ImportForm } from "./import-form.tsx";
import { KeyDetail } from "./key-detail.tsx";
import { useKeys } from "./keys-context.ts";
import { RevokeForm, TrustAddForm, TrustDetail } from "./trust-forms.tsx";

const TITLES: Record<Exclude<Side["kind"], "key" | "trust">, string> = {
  generate: "Generate a key",
  import: "Import a key",
  "trust-add": "Trust a publisher",
  revoke: "Revoke a certificate",
};

/** What is selected, or the form that was asked for. */
export function SidePane() {
  const { state } = useKeys();
  const side = useStore(state.side);
  const heading = useId();
  const title =
    side === undefined || side.kind === "trust"
      ? "Details"
      : side.kind === "key"
        ? side.id
        : TITLES[side.kind];
  return (
    <section className="keys-pane" aria-labelledby={heading}>
      <header className="pane-head">
        <h2 id={heading}>{title}</h2>
      </header>
      <div className="pane-body">
        <SideContent side={side} />
      </div>
    </section>
  );
}

function SideContent({ side }: { readonly side: Side | undefined }) {
  const { state } = useKeys();
  const keys = useStore(state.keys).data;
  const close = (): void => {
    const key = keys?.find(({ is_active }) => is_active) ?? keys?.[0];
    state.side.set(key && { kind: "key", id: key.id });
  };
  switch (side?.kind) {
    case undefined:
      return <Notice title="Choose a key or a trust entry to see what it is." />;
    case "key": {
      const key = keys?.find(({ id }) => id === side.id);
      return key ? <KeyDetail key={key.id} signingKey={key} /> : <Notice title="Loading the key…" />;
    }
    case "trust":
      return <TrustDetail key={side.id} trustId={side.id} />;
    case "generate":
      return (
        <div className="side-part">
          <GenerateForm onDone={close} />
        </div>
      );
    case "import":
      return (
        <div className="side-part">
          <ImportForm
            key={side.file ? `${side.file.name} ${side.file.lastModified}` : ""}
            {...(side.file ? { initial: side.file } : {})}
            onDone={close}
          />
        </div>
      );
    case "trust-add":
      return (
        <div className="side-part">
          <TrustAddForm
            key={side.keyId ?? ""}
            {...(side.keyId ? { keyId: side.keyId } : {})}
            onDone={close}
          />
        </div>
      );
    case "revoke":
      return (
        <div className="side-part">
          <RevokeForm
            key={side.value ?? ""}
            {...(side.by ? { by: side.by } : {})}
            {...(side.value ? { value: side.value } : {})}
            onDone={close}
          />
        </div>
      );
  }
}
