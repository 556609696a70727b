import { createSpotlight, Spotlight, useSpotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Findable, find } from "../../state/search.ts";
import { Command } from "../../ui/command.tsx";
import "./finder.css";

const MOST_SHOWN = 60;

export interface FinderProps {
  readonly label: string;
  readonly placeholder: string;
  readonly items: readonly Findable[];
  onQuery?(query: string): void;
  onClose(): void;
}

/** A list that one types into: arrow keys choose, Enter runs; the chosen line shows its command line below. */
export function FinderDialog({ label, placeholder, items, onQuery, onClose }: FinderProps) {
  const [[store, actions]] = useState(createSpotlight);
  const [query, setQuery] = useState("");
  const { selected } = useSpotlight(store);
  const found = find(items, query, MOST_SHOWN);

  useEffect(() => {
    actions.open();
    store.setState((state) => ({ ...state, selected: 0 }));
  }, [actions, store]);
  // The library leaves the first line unchosen; Enter is to run what is shown first.
  const chosenIndex = Math.max(0, Math.min(selected, found.length - 1));

  const chosen = found[chosenIndex];
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={(text) => {
        setQuery(text);
        store.setState((state) => ({ ...state, selected: 0 }));
        onQuery?.(text);
      }}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={420}
      aria-label={label}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        placeholder={placeholder}
        aria-label={placeholder}
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {found.map((item, index) => (
          <Spotlight.Action
            key={item.id}
            onClick={() => item.run()}
            data-selected={index === chosenIndex || undefined}
            onMouseMove={() => store.setState((state) => ({ ...state, selected: index }))}
          >
            <FinderLine item={item} />
          </Spotlight.Action>
        ))}
        {found.length === 0 && <Spotlight.Empty>Nothing matches “{query}”.</Spotlight.Empty>}
      </Spotlight.ActionsList>
      {chosen?.commandLine !== undefined && (
        <Spotlight.Footer>
          <div className="finder-command">
            <span className="dim">on the command line</span>
            <Command text={chosen.commandLine} what={`the command line of “${chosen.title}”`} />
          </div>
        </Spotlight.Footer>
      )}
    </Spotlight.Root>
  );
}

function FinderLine({ item }: { readonly item: Findable }) {
  return (
    <span className="finder-line">
      <span className="finder-group dim">{item.group}</span>
      <span className="finder-title">
        {item.title}
        {item.detail !== undefined && <span className="dim"> {item.detail}</span>}
      </span>
      {item.shortcut !== undefined && <kbd className="dim">{item.shortcut}</kbd>}
    </span>
  );
}
