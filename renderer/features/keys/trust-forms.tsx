import { Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import { revokeCommand, trustAddCommand, trustRemoveCommand } from "../../state/keys/command-lines.ts";
import { useStore } from "../../ui/use-store.ts";
import { CertificateView } from "./certificate-view.tsx";
import { DropZone } from "./drop-zone.tsx";
import { Form } from "./form.tsx";
import { useKeys } from "./keys-context.ts";
import { useAction } from "./use-action.ts";

const PASTED = "pasted";

/** Adds a key's own certificate, or what a PEM text holds, for all tenants or some. */
export function TrustAddForm({ keyId, onDone }: { readonly keyId?: string; readonly onDone: () => void }) {
  const { client, state, context } = useKeys();
  const { data: keys = [] } = useStore(state.keys);
  const tenants = useStore(context.state.host).data?.tenants ?? [];
  const [source, setSource] = useState(keyId ?? PASTED);
  const [pem, setPem] = useState("");
  const [fileName, setFileName] = useState<string>();
  const [scope, setScope] = useState<readonly string[]>(
    tenants.filter(({ is_development }) => is_development).map(({ id }) => id),
  );
  const [isForAll, setForAll] = useState(false);
  const [note, setNote] = useState("");
  const [adding, add] = useAction((input: RpcInput<"trust.add">, signal) =>
    client.call("trust.add", input, signal),
  );
  const isPasted = source === PASTED;
  const chosen = isForAll ? null : [...scope];
  const submit = async (): Promise<void> => {
    const added = await add.run({
      source: isPasted ? { pem } : { key_id: source },
      tenants: chosen,
      ...(note === "" ? {} : { note }),
    });
    if (added === undefined) return;
    await state.refresh();
    context.state.refresh();
    const [first] = added.items;
    if (first) state.side.set({ kind: "trust", id: first.id });
  };
  return (
    <Form
      label="Trust a publisher"
      submit="Trust"
      state={adding}
      command={trustAddCommand({
        ...(isPasted ? { ...(fileName ? { fileName } : {}) } : { keyId: source }),
        tenants: chosen,
        note,
      })}
      isReady={(isPasted ? pem.includes("-----BEGIN ") : true) && (isForAll || scope.length > 0)}
      onSubmit={() => void submit()}
      onCancel={adding.running ? add.cancel : onDone}
    >
      <NativeSelect
        label="Whose certificate"
        data={[
          { value: PASTED, label: "From a PEM file" },
          ...keys
            .filter(({ kind }) => kind !== "awaits_certificate")
            .map(({ id, subject }) => ({ value: id, label: `${id} · ${subject}` })),
        ]}
        value={source}
        onChange={({ currentTarget }) => setSource(currentTarget.value)}
      />
      {isPasted && (
        <>
          <DropZone
            label={fileName ?? "Drop a PEM file, or choose one"}
            onFiles={async ([file]) => {
              setFileName(file?.name);
              setPem((await file?.text()) ?? "");
            }}
          >
            Certificates and public keys: a publisher's own, or an authority's
          </DropZone>
          <Textarea
            label="PEM"
            rows={4}
            value={pem}
            onChange={({ currentTarget }) => setPem(currentTarget.value)}
            spellCheck={false}
            classNames={{ input: "mono" }}
          />
        </>
      )}
      <Checkbox
        label="For all tenants, also later ones"
        checked={isForAll}
        onChange={({ currentTarget }) => setForAll(currentTarget.checked)}
      />
      <Checkbox.Group
        label="Only for"
        value={isForAll ? [] : [...scope]}
        onChange={(value) => setScope(value)}
      >
        <div className="choices">
          {tenants.map(({ id, name }) => (
            <Checkbox key={id} value={id} label={name} disabled={isForAll} />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput
        label="Note"
        description="Why it is trusted"
        value={note}
        maxLength={500}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
    </Form>
  );
}

/** A trust entry's certificate, and the way out of the list. Mount it anew for another one. */
export function TrustDetail({ trustId }: { readonly trustId: string }) {
  const { client, state, context } = useKeys();
  const entry = useStore(state.trust).data?.items.find(({ id }) => id === trustId);
  const [isSure, setSure] = useState(false);
  const [removing, remove] = useAction((_: undefined, signal) =>
    client.call("trust.remove", { trust_id: trustId }, signal),
  );
  if (entry === undefined) return null;
  const submit = async (): Promise<void> => {
    if ((await remove.run(undefined)) === undefined) return;
    await state.refresh();
    context.state.refresh();
  };
  return (
    <div className="side-part">
      {entry.kind === "certificate" ? (
        <CertificateView of={{ trust_id: trustId }} />
      ) : (
        <p>
          A bare public key, SHA-256 <span className="mono">{entry.fingerprint_sha256}</span>
        </p>
      )}
      {entry.source === "environment" ? (
        <p className="dim">It comes from SIGNING_TRUST_BUNDLE: take it out there.</p>
      ) : (
        <Form
          label="Stop trusting"
          submit="Stop trusting"
          state={removing}
          command={trustRemoveCommand(trustId)}
          isReady={isSure}
          isDangerous
          onSubmit={() => void submit()}
        >
          <Checkbox
            label="Versions for which nothing else vouches become invalid, and calls to them are refused"
            checked={isSure}
            onChange={({ currentTarget }) => setSure(currentTarget.checked)}
          />
        </Form>
      )}
    </div>
  );
}

export interface RevokeFormProps {
  readonly by?: "fingerprint" | "serial";
  readonly value?: string;
  readonly onDone: () => void;
}

export function RevokeForm({ by: initialBy = "fingerprint", value: initial = "", onDone }: RevokeFormProps) {
  const { client, state, context } = useKeys();
  const [by, setBy] = useState(initialBy);
  const [value, setValue] = useState(initial);
  const [day, setDay] = useState("");
  const [reason, setReason] = useState("");
  const [revoking, revoke] = useAction((input: RpcInput<"trust.revoke">, signal) =>
    client.call("trust.revoke", input, signal),
  );
  const input = {
    by,
    value: value.trim(),
    ...(day === "" ? {} : { at: day }),
    ...(reason === "" ? {} : { reason }),
  };
  const submit = async (): Promise<void> => {
    if ((await revoke.run(input)) === undefined) return;
    await state.refresh();
    context.state.refresh();
    onDone();
  };
  return (
    <Form
      label="Revoke a certificate"
      submit="Revoke"
      state={revoking}
      command={revokeCommand(input)}
      isReady={value.trim() !== ""}
      isDangerous
      onSubmit={() => void submit()}
      onCancel={revoking.running ? revoke.cancel : onDone}
    >
      <p className="dim">
        Bundles signed with it are refused from then on, also those that were signed earlier. A revocation
        stays.
      </p>
      <NativeSelect
        label="Named by"
        data={[
          { value: "fingerprint", label: "SHA-256 fingerprint of the certificate or its key" },
          { value: "serial", label: "Serial number" },
        ]}
        value={by}
        onChange={({ currentTarget }) => setBy(currentTarget.value === "serial" ? "serial" : "fingerprint")}
      />
      <TextInput
        label={by === "serial" ? "Serial number (hex)" : "Fingerprint (hex)"}
        value={value}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      <div className="form-row">
        <TextInput
          label="Since"
          description="Empty: now"
          type="date"
          value={day}
          onChange={({ currentTarget }) => setDay(currentTarget.value)}
        />
        <TextInput
          label="Reason"
          description="Shown in reports"
          value={reason}
          maxLength={500}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </div>
    </Form>
  );
}
