import { NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { KEY_ALGORITHMS, type KeyAlgorithm } from "../../../core/contract/key-algorithm.ts";
import { type GenerateInput, generateCommand } from "../../state/keys/command-lines.ts";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "./form.tsx";
import { ALGORITHM_WORDS } from "./key-table.tsx";
import { useKeys } from "./keys-context.ts";
import { saveText } from "./save-file.ts";
import { useAction } from "./use-action.ts";

type Kind = GenerateInput["kind"];

const KINDS: readonly { readonly value: Kind; readonly label: string; readonly note: string }[] = [
  {
    value: "self_signed",
    label: "Self-signed certificate",
    note: "Ready to sign at once. Others trust it by adding this very certificate.",
  },
  {
    value: "authority",
    label: "Local authority",
    note: "Issues certificates for other keys and signs no bundles. Others trust it once, for all of them.",
  },
  {
    value: "issued",
    label: "Issued by a local authority",
    note: "Ready to sign; trusted wherever the authority is.",
  },
  {
    value: "request",
    label: "Certificate request (CSR)",
    note: "The key waits here until the certificate that an authority elsewhere issues is attached.",
  },
];

const SIGNING_DAYS = 365;
const AUTHORITY_DAYS = 3_650;

export function GenerateForm({ onDone }: { readonly onDone: () => void }) {
  const { client, state } = useKeys();
  const { data: keys = [] } = useStore(state.keys);
  const authorities = keys.filter((key) => key.kind === "authority" && key.validity !== "expired");
  const [kind, setKind] = useState<Kind>("self_signed");
  const [algorithm, setAlgorithm] = useState<KeyAlgorithm>("ecdsa-p256");
  const [subject, setSubject] = useState("CN=");
  const [days, setDays] = useState<number | string>(SIGNING_DAYS);
  const [issuer, setIssuer] = useState("");
  const [generation, generate] = useAction((input: GenerateInput, signal) =>
    client.call("keys.generate", input, signal),
  );
  const issuerId = issuer || authorities[0]?.id;
  const input: GenerateInput = {
    kind,
    algorithm,
    subject: subject.trim(),
    ...(kind !== "request" && typeof days === "number" ? { days } : {}),
    ...(kind === "issued" && issuerId ? { issuer_key_id: issuerId } : {}),
  };
  const isReady = subject.trim().length > "CN=".length && (kind !== "issued" || issuerId !== undefined);
  const submit = async (): Promise<void> => {
    const made = await generate.run(input);
    if (made === undefined) return;
    if (made.csr) saveText(`${made.key.id}.csr`, made.csr);
    await state.refresh();
    state.side.set({ kind: "key", id: made.key.id });
  };
  const chooseKind = (next: Kind): void => {
    setKind(next);
    setDays(next === "authority" ? AUTHORITY_DAYS : SIGNING_DAYS);
  };
  return (
    <Form
      label="Generate a key"
      submit={kind === "request" ? "Generate key and download request" : "Generate key"}
      state={generation}
      command={generateCommand(input)}
      isReady={isReady}
      onSubmit={() => void submit()}
      onCancel={generation.running ? generate.cancel : onDone}
    >
      <NativeSelect
        label="Certificate"
        description={KINDS.find(({ value }) => value === kind)?.note}
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        value={kind}
        onChange={({ currentTarget }) =>
          chooseKind(KINDS.find(({ value }) => value === currentTarget.value)?.value ?? kind)
        }
      />
      {kind === "issued" &&
        (authorities.length === 0 ? (
          <p>There is no local authority yet: generate one first, with the certificate “Local authority”.</p>
        ) : (
          <NativeSelect
            label="Authority"
            data={authorities.map(({ id, subject: name }) => ({ value: id, label: `${id} · ${name}` }))}
            value={issuerId ?? ""}
            onChange={({ currentTarget }) => setIssuer(currentTarget.value)}
          />
        ))}
      <TextInput
        label="Subject"
        description="A distinguished name, such as CN=Acme Release, O=Acme"
        value={subject}
        onChange={({ currentTarget }) => setSubject(currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
      />
      <div className="form-row">
        <NativeSelect
          label="Algorithm"
          data={KEY_ALGORITHMS.map((value) => ({ value, label: ALGORITHM_WORDS[value] }))}
          value={algorithm}
          onChange={({ currentTarget }) =>
            setAlgorithm(KEY_ALGORITHMS.find((value) => value === currentTarget.value) ?? algorithm)
          }
        />
        {kind !== "request" && (
          <NumberInput label="Valid for (days)" min={1} max={36_500} value={days} onChange={setDays} />
        )}
      </div>
      <p className="dim">
        The private key is made and kept by the host, sealed at rest. It is never shown here; it leaves only
        encrypted, by export.
      </p>
    </Form>
  );
}
