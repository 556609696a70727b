import type { Published } from "../../state/registry/registry-state.ts";
import { ListFilterField, useListFilter } from "../../ui/list-filter.tsx";
import { ListItem } from "../../ui/list-item.tsx";
import { Tag } from "../../ui/tag.tsx";

export interface ExtensionListProps {
  readonly published: Published;
  readonly selectedId: string | undefined;
  onSelect(id: string): void;
}

export function ExtensionList({ published, selectedId, onSelect }: ExtensionListProps) {
  const filter = useListFilter(
    published.extensions,
    "extensions",
    ({ display_name = "", name }) => `${display_name} ${name}`,
  );
  return (
    <>
      {filter.field && <ListFilterField {...filter.field} />}
      <ul aria-label="Published extensions">
        {filter.found.map((extension) => {
          const installs = published.installs.filter(
            ({ registry_id }) => registry_id === extension.registry_id,
          );
          const invalid = extension.versions.filter(({ status }) => status === "invalid").length;
          return (
            <li key={extension.registry_id}>
              <ListItem
                name={extension.display_name ?? extension.name}
                isSelected={extension.registry_id === selectedId}
                onSelect={() => onSelect(extension.registry_id)}
              >
                <span className="dim">
                  {extension.name} · {extension.versions.length}{" "}
                  {extension.versions.length === 1 ? "version" : "versions"}
                  {extension.latest && ` · ${extension.latest}`}
                </span>
                <span className="tags">
                  {invalid > 0 && <Tag tone="bad">✕ {invalid} invalid</Tag>}
                  {extension.deprecated && <Tag tone="warn">! deprecated</Tag>}
                  {installs.length > 0 ? (
                    <Tag tone="ok">
                      ✓ {installs.length} {installs.length === 1 ? "install" : "installs"}
                    </Tag>
                  ) : (
                    <Tag tone="plain">not installed</Tag>
                  )}
                </span>
              </ListItem>
            </li>
          );
        })}
      </ul>
    </>
  );
}
