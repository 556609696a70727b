import { Modal, UnstyledButton } from "@mantine/core";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { type Findable, find } from "../../state/search.ts";
import { Command } from "../../ui/command.tsx";
import "./finder.css";

const MOST_SHOWN = 60;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

export interface FinderProps {
  readonly label: string;
  readonly placeholder: string;
  readonly items: readonly Findable[];
  onQuery?(query: string): void;
  onClose(): void;
}

/**
 * A list that one types into: arrow keys choose, Enter runs; the chosen line shows its command line below. Which line
 * is chosen is kept here and not by the library, whose choice lags behind a list that changes while one types.
 */
export function FinderDialog({ label, placeholder, items, onQuery, onClose }: FinderProps) {
  const [[store, actions]] = useState(createSpotlight);
  const [query, setQuery] = useState("");
  const [wanted, setWanted] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = find(items, query, MOST_SHOWN);
  const index = Math.max(0, Math.min(wanted, found.length - 1));
  const chosen = found[index];

  useEffect(() => actions.open(), [actions]);

  const choose = (next: number): void => {
    setWanted(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (event.nativeEvent.isComposing) return;
    if (step !== undefined) {
      event.preventDefault();
      // One step past either end comes out at the other.
      const next = index + step;
      choose(next < 0 ? found.length - 1 : next >= found.length ? 0 : next);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      actions.close();
      chosen.run();
    }
  };

  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={(text) => {
        setQuery(text);
        setWanted(0);
        onQuery?.(text);
      }}
      onSpotlightClose={onClose}
      shortcut={null}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      transitionProps={{ duration: 0 }}
    >
      {/* The library hands a label to an element that is not the dialog. */}
      <Modal.Title className="visually-hidden">{label}</Modal.Title>
      <Spotlight.Search
        placeholder={placeholder}
        aria-label={placeholder}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={chosen && `${id}-${index}`}
        leftSection={<IconSearch size={16} aria-hidden />}
        onKeyDown={onKeyDown}
      />
      <div className="finder-list" role="listbox" aria-label={label} id={id} ref={list}>
        {found.map((item, place) => (
          // Not the library's own: that drops the id by which the field says which line is chosen.
          <UnstyledButton
            key={item.id}
            id={`${id}-${place}`}
            className="finder-option"
            role="option"
            aria-selected={place === index}
            tabIndex={-1}
            onMouseMove={() => setWanted(place)}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              actions.close();
              item.run();
            }}
          >
            <FinderLine item={item} />
          </UnstyledButton>
        ))}
      </div>
      {found.length === 0 && <p className="finder-nothing dim">Nothing matches “{query}”.</p>}
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
