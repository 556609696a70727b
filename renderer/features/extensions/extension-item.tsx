import type { InstalledExtension } from "../../../core/contract/install.ts";
import { shortHash } from "../../ui/format.ts";
import { ListItem } from "../../ui/list-item.tsx";
import { Tag } from "../../ui/tag.tsx";

export interface ExtensionItemProps {
  readonly install: InstalledExtension;
  readonly isSelected: boolean;
  onSelect(): void;
}

export function ExtensionItem({ install, isSelected, onSelect }: ExtensionItemProps) {
  return (
    <ListItem
      name={install.manifest.display_name ?? install.extension_name}
      isSelected={isSelected}
      onSelect={onSelect}
    >
      <span className="extension-facts">
        <span>{install.version}</span>
        <span className="mono">{shortHash(install.content_hash)}</span>
      </span>
      <span className="extension-tags">
        <InstallTags install={install} />
      </span>
    </ListItem>
  );
}

/** Whether a call can succeed, worst news first. */
function InstallTags({ install }: { readonly install: InstalledExtension }) {
  return (
    <>
      {install.version_status === "invalid" && <Tag tone="bad">✕ {install.invalid_code ?? "invalid"}</Tag>}
      {install.version_status === "deprecated" && <Tag tone="warn">! deprecated</Tag>}
      {!install.signed && <Tag tone="warn">! unsigned</Tag>}
      {install.enabled ? <Tag tone="ok">✓ enabled</Tag> : <Tag tone="plain">– disabled</Tag>}
    </>
  );
}
